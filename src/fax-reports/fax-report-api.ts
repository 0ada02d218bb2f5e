import { z } from 'zod';
import { apiRoute, type ApiRoute } from '../app/capability.js';
import { Problem, type MemberProblem } from '../app/problem.js';
import type { World } from '../platform/world.js';
import type { FaxReportService } from './fax-report-service.js';
import type { RunReport } from './fax-report-types.js';

const DAY_MS = 24 * 3_600_000;
/** The clocks of two machines may differ by this much. */
const MOST_AHEAD_MS = 5 * 60_000;
/** An older run says nothing about the present. */
const MOST_PAST_MS = 366 * DAY_MS;
/** More lines than a clinic can have read. */
const MOST_LINES = 250;
/** Too small for a telephone number to pass as a count. */
const MOST_COUNTED = 999_999;

const count = (meaning: string) => z.number().int().min(0).max(MOST_COUNTED).describe(meaning);
const time = (meaning: string) => z.iso.datetime({ offset: true }).describe(meaning);

const line = z.strictObject({
  extension_id: z
    .string()
    .regex(/^\d{1,20}$/)
    .describe('One of the fax lines that the portal has found for the clinic'),
  listed: count('Faxes that RingCentral listed in this run, whether they were new or not'),
  fetched: count('Faxes that this run fetched'),
  pending: count('Faxes that are listed and whose documents RingCentral does not have ready yet'),
  failed: count('Faxes whose documents could not be fetched'),
  lost: count('Faxes that were gone before they were fetched'),
  gaps: count('Periods in which faxes may have been pushed out of the mailbox before they were listed'),
  oldest_pending_at: time('When the oldest pending fax was first listed').nullable(),
  oldest_failed_at: time('When the oldest failed fax was first listed').nullable(),
  mailbox_messages: count('Faxes and voicemail in the mailbox; null if they could not be counted').nullable(),
});

const report = z.strictObject({
  completed_at: time('When the run for this clinic ended; never earlier than in the report before'),
  lines: z.array(line).max(MOST_LINES).describe('The lines that the run read completely, each once'),
});

type Parts = { service: FaxReportService; world: Pick<World, 'now'> };

/** `/tenants/{tenant}/fax-pull`: a program that fetches faxes tells how its last complete run went. */
export const faxReportApi = ({ service, world }: Parts): ApiRoute[] => [
  apiRoute({
    method: 'put',
    path: '/tenants/{tenant}/fax-pull',
    scope: 'tokens:issue',
    summary: 'Report a complete run of the fax pull for a clinic: counts and times only',
    request: report,
    responseStatus: 204,
    // A run reports each clinic once, as it asks for the token of each once.
    limit: 'tokens',
    problems: { 409: ['newer_report_kept'] },
    handler: async ({ caller, params, body, origin }) => {
      const errors = problemsIn(body, world.now());
      if (errors.length > 0) throw new Problem(422, { errors });
      const run = runOf(body);
      const outcome = await service.report(params.tenant ?? '', run, { kind: 'api_key', id: caller.keyId }, origin);
      if (outcome.kind === 'outdated') throw new Problem(409, { cause: 'newer_report_kept' });
      if (outcome.kind === 'unknown_lines') throw new Problem(422, { errors: outcome.at.map(unknownLine) });
      return {};
    },
  }),
];

const unknownLine = (n: number): MemberProblem => ({
  pointer: `/lines/${n}/extension_id`,
  code: 'unknown_extension',
});

/** What the schema cannot say. */
function problemsIn({ completed_at: completedAt, lines }: z.output<typeof report>, now: Date): MemberProblem[] {
  const aheadOf = (text: string) => Date.parse(text) - now.getTime();
  const futureOf = (pointer: string, text: string | null): MemberProblem[] =>
    text !== null && aheadOf(text) > MOST_AHEAD_MS ? [{ pointer, code: 'future' }] : [];
  const seen = new Set<string>();
  return [
    ...futureOf('/completed_at', completedAt),
    ...(aheadOf(completedAt) < -MOST_PAST_MS ? [{ pointer: '/completed_at', code: 'past' }] : []),
    ...lines.flatMap((one, n) => {
      const isTwice = seen.has(one.extension_id);
      seen.add(one.extension_id);
      return [
        ...(isTwice ? [{ pointer: `/lines/${n}/extension_id`, code: 'duplicate' }] : []),
        ...futureOf(`/lines/${n}/oldest_pending_at`, one.oldest_pending_at),
        ...futureOf(`/lines/${n}/oldest_failed_at`, one.oldest_failed_at),
      ];
    }),
  ];
}

const dateOrNull = (text: string | null): Date | null => (text === null ? null : new Date(text));

const runOf = ({ completed_at: completedAt, lines }: z.output<typeof report>): RunReport => ({
  completedAt: new Date(completedAt),
  lines: lines.map((one) => ({
    extensionId: one.extension_id,
    listed: one.listed,
    fetched: one.fetched,
    pending: one.pending,
    failed: one.failed,
    lost: one.lost,
    gaps: one.gaps,
    oldestPendingAt: dateOrNull(one.oldest_pending_at),
    oldestFailedAt: dateOrNull(one.oldest_failed_at),
    mailboxMessages: one.mailbox_messages,
  })),
});
