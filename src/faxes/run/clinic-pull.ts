import type { AccessToken, FaxPullReport, FixOwner, LatchkeyClient, TokenAnswer } from '../../client/client.js';
import type { StreamedGetter } from '../../platform/outbound/streamed-get.js';
import type { World } from '../../platform/world.js';
import { mailboxCalls } from '../calls/mailbox-calls.js';
import type { RateLimiter } from '../calls/rate-limiter.js';
import { tokenCalls, whyNone } from '../calls/token-calls.js';
import type { FaxLine, LineProgress, LineResult, MailboxCalls } from '../fax-types.js';

/** A clinic of the run, by the portal's id and by the ISV's own. */
export type Clinic = { tenant: string; externalRef: string };

/** `with`: the ISV's own id of the other clinic. */
export type SharedLine = { extensionId: string; with: string };

/** What a run did for a clinic. `problem` is a code; null if every line was listed to its end. */
export type ClinicResult = {
  externalRef: string;
  problem: string | null;
  fixOwner: FixOwner | null;
  /** Whether the clinic has no connection yet, or no longer one: no one has to act. */
  isExpected: boolean;
  lines: LineResult[];
  /** Lines that were not read, because another clinic of the run has them, too. */
  shared: SharedLine[];
  /** Why the portal did not get the report; null if it did, or if there is none. */
  notReported: string | null;
};

export type PullLine = (
  line: FaxLine,
  calls: MailboxCalls,
  told: { onProgress: (progress: LineProgress) => void; signal: AbortSignal },
) => Promise<LineResult>;

export type ClinicPullParts = {
  client: Pick<LatchkeyClient, 'tokens' | 'reportFaxPull'>;
  pullLine: PullLine;
  limiter: RateLimiter;
  get: StreamedGetter['get'];
  world: Pick<World, 'now' | 'wait'>;
  /** The end of the run, on the clock of the limiter. */
  until: number;
  signal: AbortSignal;
  /** Called when the clinic has its token. */
  onToken: () => void;
  onProgress: (progress: LineProgress) => void;
  /** Takes a line for its clinic for the rest of the run. @returns the clinic that has it already; null if none has */
  claim: (line: FaxLine) => string | null;
};

const purpose = 'fax-pull';
const REPORT_WAIT_MS = 60_000;

/** Pulls the faxes of one clinic, one line after the other, and reports to the portal. Never rejects for one clinic. */
export async function pullClinic({ tenant, externalRef }: Clinic, parts: ClinicPullParts): Promise<ClinicResult> {
  const { client, pullLine, limiter, onToken, onProgress, signal, claim } = parts;
  const nothing = { problem: null, fixOwner: null, isExpected: false, lines: [], shared: [], notReported: null };
  const result = { externalRef, ...nothing };
  const tokens = client.tokens(tenant, { purpose });
  const none = noTokenOf(await tokens.get().catch(whyNone));
  if (!('token' in none)) return { ...result, ...none };
  onToken();

  const calls = tokenCalls({ ...parts, tokens });
  const mailbox = mailboxCalls(calls);
  const lines: LineResult[] = [];
  const shared: SharedLine[] = [];
  try {
    for (const line of linesOf(none.token, externalRef)) {
      if (calls.over() !== null) break;
      const other = claim(line);
      if (other !== null) shared.push({ extensionId: line.extensionId, with: other });
      else lines.push(await pullLine(line, mailbox, { onProgress, signal }));
    }
  } finally {
    for (const ownerId of calls.users()) await limiter.leave(ownerId);
  }
  const ofLines = [...lines.map((line) => line.problem), ...shared.map(() => 'shared_line')];
  const problem = calls.over() ?? ofLines.find((one) => one !== null) ?? null;
  const report = problem === null ? reportOf(lines) : null;
  const notReported = report && (await reported(client, tenant, report));
  return { ...result, problem, lines, shared, notReported };
}

const linesOf = ({ account_id: accountId, fax_extensions: extensions }: AccessToken, externalRef: string): FaxLine[] =>
  [...new Set(extensions)].map((extensionId) => ({ accountId, extensionId, externalRef }));

type NoTokenFor = Pick<ClinicResult, 'problem' | 'fixOwner' | 'isExpected'>;

function noTokenOf(answer: TokenAnswer | string): { token: AccessToken } | NoTokenFor {
  if (typeof answer === 'string') return { problem: answer, fixOwner: null, isExpected: false };
  switch (answer.kind) {
    case 'token':
      return { token: answer.token };
    case 'try_later':
      return { problem: answer.problem?.cause ?? 'portal_unreachable', fixOwner: null, isExpected: false };
    case 'connect_needed':
      return { problem: 'not_connected', fixOwner: answer.problem.fix_owner ?? 'tenant', isExpected: true };
    case 'fix_needed':
      return { problem: answer.problem.cause ?? 'fix_needed', fixOwner: answer.by, isExpected: false };
  }
}

/** The moment up to which every line is known is that of the line that was listed first. */
function reportOf(lines: readonly LineResult[]): FaxPullReport | null {
  if (lines.length === 0) return null;
  const [first = ''] = lines.map(({ at }) => at).sort();
  return { completed_at: first, lines: lines.map(countsOf) };
}

const countsOf = (result: LineResult) => ({
  extension_id: result.line.extensionId,
  listed: result.listed,
  fetched: result.fetched,
  pending: result.pending,
  failed: result.failed,
  lost: result.lost,
  gaps: result.gaps,
  oldest_pending_at: result.oldestPendingAt,
  oldest_failed_at: result.oldestFailedAt,
  mailbox_messages: result.fill,
});

/** @returns why the portal did not get it, as a code; null if it did */
const reported = (client: ClinicPullParts['client'], tenant: string, report: FaxPullReport): Promise<string | null> =>
  client.reportFaxPull(tenant, report, { maxWaitMs: REPORT_WAIT_MS }).then(() => null, whyNone);
