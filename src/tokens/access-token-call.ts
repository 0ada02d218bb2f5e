import { z } from 'zod';
import { Problem, type ProblemDetails } from '../app/problem.js';
import { apiRoute, type ApiRequest, type ApiRoute } from '../app/capability.js';
import type { GroupedAudit } from '../audit/grouped-audit.js';
import type { AuditEvent } from '../audit/audit-events.js';
import type { Recorder } from '../metrics/metrics.js';
import type { Logger } from '../platform/log.js';
import type { World } from '../platform/world.js';
import type { Environment } from '../ringcentral/environments.js';
import { isWorth } from './best-token.js';
import { refusalOf, tokenCauses, waits, type Refusal } from './token-refusal.js';
import { DEFAULT_WAIT_MS, type TokenAnswer, type TokenService } from './token-service.js';

const label = z.string().regex(/^[\w.:-]{1,64}$/);
/** RFC 6749 §3.3. */
const scopeList = z
  .string()
  .max(1000)
  .regex(/^[\w.: -]+$/)
  .refine((text) => text.split(' ').every((scope) => scope !== ''));

/** The optional body of the call. */
const accessTokenRequest = z.strictObject({
  scope: scopeList
    .optional()
    .describe(
      'Fewer scopes than the portal requests, with blanks between; default: all. A clinic that signed in has one token with all',
    ),
  purpose: label.optional().describe("What the token is for. The clinic reads it; default: the key's purpose"),
  job_id: label.optional().describe("The job's own id for this run. The clinic reads it"),
  min_ttl_seconds: z
    .int()
    .min(0)
    .max(1800)
    .optional()
    .describe(
      'A token that lives at least so long; it is renewed early for that, or where the clinic signed in once it has ended',
    ),
  rejected_token_sha256: z
    .string()
    .regex(/^[\da-fA-F]{64}$/)
    .optional()
    .describe('The SHA-256, in hex, of a token that RingCentral no longer accepts'),
});

const accessTokenAnswer = z.strictObject({
  access_token: z.string().describe("A token for RingCentral's API. Keep it in memory only"),
  token_type: z.literal('Bearer'),
  expires_in: z.int().describe('Seconds until it expires'),
  expires_at: z.iso.datetime(),
  issued_at: z.iso.datetime().describe('When RingCentral was asked for it'),
  renewed: z
    .boolean()
    .describe(
      'Whether this call made the portal ask RingCentral; false for other calls that waited for the same token',
    ),
  scope: z.string().describe('The scopes that RingCentral granted, with blanks between'),
  server_url: z.string().describe("RingCentral's API"),
  media_url: z.string().describe("RingCentral's API for the contents of faxes"),
  account_id: z.string().describe('The RingCentral account'),
  owner_id: z.string().describe('The RingCentral user that the token acts as'),
  fax_extensions: z.array(z.string()).describe('The ids of the extensions whose faxes are read'),
});

type Asked = z.output<typeof accessTokenRequest>;
type Answer = z.output<typeof accessTokenAnswer>;
type Token = TokenAnswer & { kind: 'token' };

type Deps = {
  world: Pick<World, 'now' | 'randomBytes' | 'wait'>;
  log: Pick<Logger, 'error'>;
  tokens: Pick<TokenService, 'currentToken' | 'report'>;
  audit: GroupedAudit;
  /** Called when it is known what the job is answered. */
  onAnswer: Recorder['token'];
  /** The scopes that the portal requests for its tokens. */
  scopes: readonly string[];
  addressesOf: (environment: Environment) => { serverUrl: string; mediaUrl: string };
  fixOwnerOf: (cause: string) => ProblemDetails['fixOwner'];
  reconnectUrlOf: (tenantId: string) => string;
};

/**
 * A token can expire, or have less than its least time left, between its audit row and the answer, if the machine
 * sleeps meanwhile; then one more is issued.
 */
const MOST_TOKENS = 3;
/**
 * Callers that are told the same time come back spread over at least this long, and over half their wait at most. The
 * auth budget tells each tenant its own time, so those are spread the least.
 */
const LEAST_SPREAD_MS = 5_000;
const MOST_SPREAD_MS = 30_000;

/**
 * `POST /tenants/{tenant}/access-token`: the tenant's token, or why there is none. The audit row is committed before
 * the answer leaves; without it there is no token.
 */
export const accessTokenCall = (deps: Deps): ApiRoute => {
  const { world, tokens, audit } = deps;

  type Call = ApiRequest<unknown, Asked>;

  async function answer(request: Call): Promise<Answer> {
    const asked = request.body;
    const tenantId = request.params['tenant'] ?? '';
    const minTtlMs = (asked.min_ttl_seconds ?? 0) * 1000;
    let leftMs = DEFAULT_WAIT_MS;
    /** All waits of a request share one limit. What the machine sleeps between them is not a wait. */
    const waiting = async <T>(wait: (mostMs: number) => Promise<T>): Promise<T> => {
      const from = world.now().getTime();
      const value = await wait(leftMs);
      leftMs -= Math.min(leftMs, Math.max(0, world.now().getTime() - from));
      return value;
    };
    const { rejected_token_sha256: rejected } = asked;
    if (rejected !== undefined) await waiting((mostMs) => inTime(tokens.report(tenantId, rejected), mostMs));
    for (let round = 0; round < MOST_TOKENS; round += 1) {
      const current = await waiting((mostMs) => currentToken(tenantId, asked, mostMs));
      if (current.kind !== 'token') return refused(request, current);
      await committed(eventOf(request, current));
      if (!stillServes(current, minTtlMs)) continue;
      deps.onAnswer('issued', current.isRenewed ? 'ringcentral' : 'kept');
      return answerOf(current);
    }
    return refused(request, refusalOf({ kind: 'later', until: world.now(), because: 'busy' }, deps.fixOwnerOf));
  }

  function stillServes({ session }: Token, minTtlMs: number): boolean {
    const now = world.now();
    return session.servesUntil.getTime() - now.getTime() >= 1000 && isWorth(session, minTtlMs, now);
  }

  async function refused(request: Call, refusal: Refusal): Promise<never> {
    await committed(eventOf(request, refusal));
    deps.onAnswer(refusal.status === 503 ? 'later' : 'refused', 'none');
    throw problemOf(request.params['tenant'] ?? '', refusal);
  }

  /** Waits no longer than a request may; the report goes on. */
  async function inTime(report: Promise<unknown>, ms: number): Promise<void> {
    const over = new AbortController();
    await Promise.race([report, world.wait(ms, over.signal)]).finally(() => {
      over.abort();
    });
  }

  async function currentToken(tenantId: string, asked: Asked, maxWaitMs: number): Promise<Token | Refusal> {
    const scopes = narrowed(asked.scope);
    if (scopes === null) return refusalOf({ kind: 'foreign_scope' }, deps.fixOwnerOf);
    const current = await tokens.currentToken({
      tenantId,
      maxWaitMs,
      scopes,
      minTtlSeconds: asked.min_ttl_seconds ?? 0,
    });
    return current.kind === 'token' ? current : refusalOf(current, deps.fixOwnerOf);
  }

  /** @returns '' for all that the portal requests, null for scopes that it does not request */
  function narrowed(scope: string | undefined): string | null {
    const wanted = new Set(scope?.split(' ') ?? deps.scopes);
    if ([...wanted].some((one) => !deps.scopes.includes(one))) return null;
    return wanted.size === new Set(deps.scopes).size ? '' : [...wanted].sort().join(' ');
  }

  function eventOf({ caller, origin, params, body: asked }: Call, current: Token | Refusal): AuditEvent {
    const detail: AuditEvent['detail'] = { purpose: asked.purpose ?? caller.purpose };
    if (asked.job_id !== undefined) detail['job_id'] = asked.job_id;
    if (current.kind === 'refusal') detail['cause'] = current.cause;
    return {
      action: current.kind === 'token' ? 'token.issued' : 'token.refused',
      actor: { kind: 'api_key', id: caller.keyId },
      tenantId: params['tenant'] ?? '',
      target: current.kind === 'token' ? current.session.id : undefined,
      outcome: current.kind === 'token' ? 'ok' : current.status === 503 ? 'inconclusive' : 'refused',
      detail,
      origin,
    };
  }

  async function committed(event: AuditEvent): Promise<void> {
    try {
      await audit.append(event);
    } catch (err) {
      deps.onAnswer('no_audit', 'none');
      deps.log.error({ err, ...event.origin }, 'an audit row was not committed, so no token was issued');
      throw new Problem(503, { cause: 'audit_unavailable', fixOwner: 'isv' });
    }
  }

  function problemOf(tenantId: string, { status, cause, fixOwner, since, until }: Refusal): Problem {
    return new Problem(status, {
      cause,
      fixOwner,
      since,
      retryable: status === 503,
      ...(until && { retryAt: spread(until, cause === waits.budget ? LEAST_SPREAD_MS : MOST_SPREAD_MS) }),
      ...(fixOwner === 'tenant' && { reconnectUrl: deps.reconnectUrlOf(tenantId) }),
    });
  }

  /** A time of this caller's own, never before the true one: those who wait do not come back at once. */
  function spread(until: Date, widestMs: number): Date {
    const now = world.now().getTime();
    const from = Math.max(until.getTime(), now);
    const most = Math.min(widestMs, Math.max(LEAST_SPREAD_MS, (from - now) / 2));
    return new Date(from + (world.randomBytes(4).readUInt32BE() / 2 ** 32) * most);
  }

  function answerOf({ session, accountId, faxExtensions, isRenewed }: Token): Answer {
    const { serverUrl, mediaUrl } = deps.addressesOf(session.environment);
    return {
      access_token: session.accessToken.reveal(),
      token_type: 'Bearer',
      expires_in: Math.floor((session.servesUntil.getTime() - world.now().getTime()) / 1000),
      expires_at: session.servesUntil.toISOString(),
      issued_at: session.askedAt.toISOString(),
      renewed: isRenewed,
      scope: session.scopes.join(' '),
      server_url: serverUrl,
      media_url: mediaUrl,
      account_id: accountId,
      owner_id: session.ownerId,
      fax_extensions: [...faxExtensions],
    };
  }

  return apiRoute({
    method: 'post',
    path: '/tenants/{tenant}/access-token',
    scope: 'tokens:issue',
    summary: 'Get an access token',
    limit: 'tokens',
    request: accessTokenRequest,
    response: accessTokenAnswer,
    problems: tokenCauses,
    handler: async (request) => ({ headers: { 'Cache-Control': 'no-store' }, body: await answer(request) }),
  });
};
