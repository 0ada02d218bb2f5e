import type { AccessToken, NoToken, TokenAnswer } from './client-types.js';
import { sha256 } from './surroundings.js';

type Report = { rejected_token_sha256?: string };
type Ask = (report: Report) => Promise<TokenAnswer & { sentAt: number }>;

type Held = { token: AccessToken; expiresAt: number };

/** The portal gives a new token in the last five minutes of the old one, so asking earlier is useless. */
const RENEW_MS = 300_000;
/** A call needs some time to arrive. */
const LEAST_MS = 10_000;

/** An access token could not be had. */
export class NoTokenError extends Error {
  override readonly name = 'NoTokenError';
  constructor(readonly reason: NoToken) {
    super(`no access token: ${reason.kind}`);
  }
}

/**
 * The access token of one tenant, for as long as a job runs. Keeps a token while it lives, renews it before it expires,
 * and asks once for all who wait. If no new token can be had, the old one is given out while it still lives.
 *
 * @param minTtlSeconds no token is given out that lives shorter
 */
export function tokenSource(ask: Ask, now: () => number, minTtlSeconds = 0) {
  const leastMs = Math.max(LEAST_MS, minTtlSeconds * 1000);
  let held: Held | null = null;
  let asking: Promise<TokenAnswer> | null = null;

  async function renew(rejected: string | null): Promise<TokenAnswer> {
    const { sentAt, ...answer } = await ask(rejected === null ? {} : { rejected_token_sha256: await sha256(rejected) });
    // Counted from the moment the request was sent, by our own clock: a clock that is wrong changes nothing.
    if (answer.kind === 'token') held = { token: answer.token, expiresAt: sentAt + answer.token.expires_in * 1000 };
    return answer;
  }

  /** @param rejected the token to report; a call that is under way is not repeated for it */
  const once = (rejected: string | null = null): Promise<TokenAnswer> =>
    (asking ??= renew(rejected).finally(() => {
      asking = null;
    }));

  async function get(): Promise<TokenAnswer> {
    const freshMs = held ? Math.max(leastMs, Math.min(RENEW_MS, (held.token.expires_in * 1000) / 4)) : 0;
    if (held && held.expiresAt - now() > freshMs) return { kind: 'token', token: held.token };
    const answer = await once();
    if (answer.kind === 'try_later' && held && held.expiresAt - now() > leastMs)
      return { kind: 'token', token: held.token };
    return answer;
  }

  /** RingCentral answered 401 to this token: the portal finds out whether it is dead, and gives the present one. */
  async function rejected(accessToken: string): Promise<TokenAnswer> {
    await asking?.catch(() => undefined);
    if (held && held.token.access_token !== accessToken) return get(); // another caller has reported it
    held = null;
    return once(accessToken);
  }

  return {
    get,
    rejected,
    /**
     * Calls RingCentral with the token. After a 401 the token is reported and the call repeated once with the present
     * one.
     *
     * @throws {NoTokenError} if there is no token
     */
    async use<T extends { status: number }>(work: (token: AccessToken) => Promise<T>): Promise<T> {
      const { access_token: accessToken, ...first } = tokenOf(await get());
      const answer = await work({ access_token: accessToken, ...first });
      return answer.status === 401 ? work(tokenOf(await rejected(accessToken))) : answer;
    },
  };
}

export type TokenSource = ReturnType<typeof tokenSource>;

function tokenOf(answer: TokenAnswer): AccessToken {
  if (answer.kind !== 'token') throw new NoTokenError(answer);
  return answer.token;
}
