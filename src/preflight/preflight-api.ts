import { z } from 'zod';
import { Problem } from '../app/problem.js';
import { apiRoute, type ApiRoute } from '../app/capability.js';
import { shownStates } from '../connections/health/health.js';
import type { World } from '../platform/world.js';
import { cursorText, readCursor } from './cursor.js';
import type { Judged, PreflightService } from './preflight-service.js';
import { unknownReasons } from './verdict.js';

const CLINICS_A_PAGE = 200;
const MINUTE_MS = 60_000;
/** The clocks of two machines may differ by this much. */
const MOST_PAST_MS = 5 * MINUTE_MS;
/** What is said of a later run would say nothing. */
const MOST_AHEAD_MS = 31 * 24 * 60 * MINUTE_MS;

const by = z.iso.datetime({ offset: true }).describe('When the run begins; at most 31 days ahead');
const cursor = z.string().min(1).max(500);
const time = z.iso.datetime();
const clinic = { tenant: z.string(), external_ref: z.string() };
const answer = z.object({
  by: time,
  estimated_minutes: z
    .number()
    .int()
    .min(0)
    .describe('How long a run needs at most to get a token for each clinic that works'),
  go: z.array(z.object({ ...clinic, checked_at: time.nullable() })).describe('Will get a token, as far as is known'),
  no_go: z.array(
    z.object({
      ...clinic,
      state: z.enum(shownStates),
      cause: z.string().describe('Why; each cause has a page below /docs/errors/'),
      fix_owner: z.enum(['tenant', 'isv', 'ringcentral', 'nobody']).describe('Who needs to act'),
      since: time,
      reconnect_url: z.string().nullable().describe('Where a person of the clinic fixes it'),
    }),
  ),
  unknown: z
    .array(z.object({ ...clinic, checked_at: time.nullable(), reason: z.enum(unknownReasons) }))
    .describe('Not known yet, and why'),
  next_cursor: z.string().nullable(),
});

type Parts = { service: PreflightService; world: Pick<World, 'now'>; publicUrl: string };

/** `/preflight`: whether a run at a given time will get a token for each clinic that the key may see. */
export function preflightApi({ service, world, publicUrl }: Parts): ApiRoute[] {
  /** @throws what the program did wrong, if the time is past or far ahead */
  function momentOf(text: string, status: 400 | 422): Date {
    const at = new Date(text);
    const ahead = at.getTime() - world.now().getTime();
    if (ahead >= -MOST_PAST_MS && ahead <= MOST_AHEAD_MS) return at;
    const errors = [{ pointer: '/by', code: ahead < 0 ? 'past' : 'too_far_ahead' }];
    throw new Problem(status, status === 400 ? { cause: 'invalid_query', errors } : { errors });
  }
  const common = { path: '/preflight', scope: 'tokens:issue' } as const;
  return [
    apiRoute({
      ...common,
      method: 'get',
      summary: 'Whether a run at a given time will get a token for each tenant',
      query: z.strictObject({ by, cursor: cursor.optional() }),
      response: answer,
      handler: async ({ caller: { keyId, tenantIds }, query, origin }) => {
        const at = momentOf(query.by, 400);
        const from = query.cursor === undefined ? undefined : readCursor(query.cursor);
        if (query.cursor !== undefined && !from)
          throw new Problem(400, { cause: 'invalid_query', errors: [{ pointer: '/cursor', code: 'unknown' }] });
        const { clinics, next } = await service.page({ by: at, tenantIds }, CLINICS_A_PAGE, from);
        await service.noteRead(at, clinics.length, { kind: 'api_key', id: keyId }, origin);
        const body = {
          by: at.toISOString(),
          estimated_minutes: await service.estimatedMinutes(tenantIds),
          ...listsOf(clinics, publicUrl),
          next_cursor: next && cursorText(next),
        };
        return { headers: { 'Cache-Control': 'no-store' }, body };
      },
    }),
    apiRoute({
      ...common,
      method: 'post',
      summary: 'Queue checks of what is unknown, so that it is known before the run',
      request: z.strictObject({ by }),
      responseStatus: 202,
      handler: async ({ caller: { keyId, tenantIds }, body, origin }) => {
        const at = momentOf(body.by, 422);
        await service.queueUnknown({ by: at, tenantIds }, { kind: 'api_key', id: keyId }, origin);
        return { headers: { Location: `/api/v1/preflight?${new URLSearchParams({ by: body.by }).toString()}` } };
      },
    }),
  ];
}

function listsOf(clinics: readonly Judged[], publicUrl: string) {
  const go = [];
  const noGo = [];
  const unknown = [];
  for (const { tenant, checkedAt, verdict } of clinics) {
    const of = { tenant: tenant.id, external_ref: tenant.externalRef };
    const checked = { ...of, checked_at: checkedAt?.toISOString() ?? null };
    if (verdict.kind === 'go') go.push(checked);
    if (verdict.kind === 'unknown') unknown.push({ ...checked, reason: verdict.reason });
    if (verdict.kind !== 'no_go') continue;
    const { state, cause, fixOwner, since } = verdict;
    const url = fixOwner === 'tenant' ? `${publicUrl}/tenants/${tenant.id}/connection` : null;
    noGo.push({
      ...of,
      state,
      cause: cause ?? 'not_connected',
      fix_owner: fixOwner,
      since: since.toISOString(),
      reconnect_url: url,
    });
  }
  return { go, no_go: noGo, unknown };
}
