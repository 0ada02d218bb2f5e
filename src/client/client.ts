import { createCalls, LatchkeyError, TryLaterError, type Call, type ClientOptions } from './calls.js';
import type {
  AccessToken,
  Connection,
  EventPage,
  FaxPullReport,
  Invitation,
  NewInvitation,
  NewTenant,
  NoToken,
  PreflightEntry,
  PreflightPage,
  Tenant,
  TenantChange,
  TenantRef,
  TokenAnswer,
  TokenRequest,
} from './client-types.js';
import { realSurroundings, type Surroundings } from './surroundings.js';
import { tokenSource, type TokenSource } from './token-source.js';

export * from './client-types.js';
export { readJson } from './exact-json.js';
export { LatchkeyError, TryLaterError, type ClientOptions } from './calls.js';
export { NoTokenError, type TokenSource } from './token-source.js';
export type { Fetch, Surroundings } from './surroundings.js';

/** For one call: how long it may wait, in milliseconds. */
export type Patience = { maxWaitMs?: number };
type ListOptions = { state?: string; cause?: string; limit?: number };

/**
 * A client of the portal's API. It needs nothing but `fetch`. Calls that may succeed later are repeated at the time that
 * the portal names, with a spread of their own.
 *
 * @param surroundings clock, randomness, waiting and network, if they are not the real ones
 */
export function latchkeyClient(options: ClientOptions, surroundings: Partial<Surroundings> = {}) {
  const world = { ...realSurroundings, ...surroundings };
  const call = createCalls(options, world);
  const bodyOf = async <T>(ask: Call): Promise<T> => (await call(ask)).body as T;

  async function ask(
    tenant: TenantRef,
    request: TokenRequest & { rejected_token_sha256?: string },
    { maxWaitMs }: Patience,
  ): Promise<TokenAnswer & { sentAt: number }> {
    const sent: Call = { method: 'POST', path: `${pathOf(tenant)}/access-token`, body: request, maxWaitMs };
    try {
      const { body, sentAt } = await call(sent);
      return { kind: 'token', token: body as AccessToken, sentAt };
    } catch (error) {
      const reason = reasonOf(error);
      if (!reason) throw error;
      return { ...reason, sentAt: 0 };
    }
  }

  return {
    /** An access token for the tenant, or why there is none. Each call is one use that the clinic sees. */
    async accessToken(tenant: TenantRef, request: TokenRequest = {}, patience: Patience = {}): Promise<TokenAnswer> {
      const { sentAt: _sentAt, ...answer } = await ask(tenant, request, patience);
      return answer;
    },

    /** The tenant's token for a whole job: kept, renewed before it expires, reported when RingCentral rejects it. */
    tokens: (tenant: TenantRef, request: TokenRequest = {}, patience: Patience = {}): TokenSource =>
      tokenSource((report) => ask(tenant, { ...request, ...report }, patience), world.now, request.min_ttl_seconds),

    /** Every tenant that the key may see, page by page. */
    async *tenants({ state, cause, limit }: ListOptions = {}): AsyncGenerator<Tenant, void> {
      const query = { state, cause, limit };
      for (let cursor: string | undefined; ;) {
        const page = await bodyOf<{ tenants: Tenant[]; next_cursor: string | null }>({
          method: 'GET',
          path: '/api/v1/tenants',
          query: { ...query, cursor },
        });
        yield* page.tenants;
        if (page.next_cursor === null) return;
        cursor = page.next_cursor;
      }
    },

    tenant: (tenant: TenantRef) => bodyOf<Tenant>({ method: 'GET', path: pathOf(tenant) }),

    /** @param idempotencyKey a repeated call with this key makes no second tenant; default a new one */
    createTenant: (tenant: NewTenant, idempotencyKey = world.newId()) =>
      bodyOf<Tenant>({
        method: 'POST',
        path: '/api/v1/tenants',
        body: tenant,
        headers: { 'idempotency-key': idempotencyKey },
      }),

    changeTenant: (tenant: TenantRef, change: TenantChange) =>
      bodyOf<Tenant>({ method: 'PATCH', path: pathOf(tenant), body: change }),

    connection: (tenant: TenantRef) => bodyOf<Connection>({ method: 'GET', path: `${pathOf(tenant)}/connection` }),

    /** Queues a check of the connection. */
    async check(tenant: TenantRef): Promise<void> {
      await call({ method: 'POST', path: `${pathOf(tenant)}/connection/checks` });
    },

    /** If the answer was lost the person may be invited: the call is not repeated by itself. */
    invite: (tenant: TenantRef, invitation: NewInvitation) =>
      bodyOf<Invitation>({
        method: 'POST',
        path: `${pathOf(tenant)}/invitations`,
        body: invitation,
        isRepeatable: false,
      }),

    /** Reports a pull of the tenant's faxes that succeeded. */
    async reportFaxPull(tenant: TenantRef, report: FaxPullReport, { maxWaitMs }: Patience = {}): Promise<void> {
      await call({ method: 'PUT', path: `${pathOf(tenant)}/fax-pull`, body: report, maxWaitMs });
    },

    /** What the portal can say of each tenant for a run that ends at `by`: reads only. */
    async *preflight(by: Date): AsyncGenerator<PreflightEntry, void> {
      for (let cursor: string | undefined; ;) {
        const page = await bodyOf<PreflightPage>({
          method: 'GET',
          path: '/api/v1/preflight',
          query: { by: by.toISOString(), cursor },
        });
        for (const entry of page.no_go) yield { verdict: 'no_go', ...entry };
        for (const entry of page.unknown) yield { verdict: 'unknown', ...entry };
        for (const entry of page.go) yield { verdict: 'go', ...entry };
        if (page.next_cursor === null) return;
        cursor = page.next_cursor;
      }
    },

    /**
     * The events after this number, in the order in which they were committed; without it, the oldest that are kept.
     * Store `next_after` with what you did, and ask with it the next time.
     *
     * @throws {LatchkeyError} with the cause `feed_restarted` or `events_expired`: read the tenants, and begin without
     *   `after`
     */
    events: ({ after, limit }: { after?: number | undefined; limit?: number } = {}): Promise<EventPage> =>
      bodyOf<EventPage>({ method: 'GET', path: '/api/v1/events', query: { after, limit } }),

    /** Queues the checks of the tenants of which preflight does not know enough. */
    async startPreflight(by: Date): Promise<void> {
      await call({ method: 'POST', path: '/api/v1/preflight', body: { by: by.toISOString() } });
    },
  };
}

export type LatchkeyClient = ReturnType<typeof latchkeyClient>;

const pathOf = (tenant: TenantRef): string => `/api/v1/tenants/${encodeURIComponent(tenant)}`;

/** Why there is no token; null for what is no answer to a job, such as a key that is not accepted. */
function reasonOf(error: unknown): NoToken | null {
  if (error instanceof TryLaterError) return { kind: 'try_later', at: error.at, problem: error.problem };
  if (!(error instanceof LatchkeyError) || error.status !== 409) return null;
  const { problem } = error;
  if (problem.cause === 'not_connected') return { kind: 'connect_needed', problem };
  return { kind: 'fix_needed', by: problem.fix_owner ?? 'isv', problem };
}
