import type { Response } from 'express';
import type { Config } from '../config.js';
import type { ApiRoute } from './capability.js';
import { Problem } from './problem.js';

/** How many calls of each kind one key may make in a minute, by this process. */
export type Limits = { tokens: number; reads: number; writes: number };

type Settings = 'API_TOKEN_CALLS_PER_MINUTE' | 'API_READS_PER_MINUTE' | 'API_WRITES_PER_MINUTE';

export const limitsOf = (config: Pick<Config, Settings>): Limits => ({
  tokens: config.API_TOKEN_CALLS_PER_MINUTE,
  reads: config.API_READS_PER_MINUTE,
  writes: config.API_WRITES_PER_MINUTE,
});

const WINDOW_S = 60;

/** Which limit counts the call. */
export const limitOf = ({ limit, method }: Pick<ApiRoute, 'limit' | 'method'>): keyof Limits =>
  limit ?? (method === 'get' ? 'reads' : 'writes');

/**
 * The limits of one key, in windows of a minute, with the header fields of draft-ietf-httpapi-ratelimit-headers. What it
 * returns for a route counts a call, after the check of the key, so that only keys that exist are counted.
 */
export function keyLimits(limits: Limits, now: () => Date) {
  const windows = new Map<string, { endsAt: number; left: number }>();

  /** @returns the window of this call; `left` is negative if the call is too many */
  function count(name: string, most: number) {
    const at = now().getTime();
    const last = windows.get(name);
    const window = last && at < last.endsAt ? last : { endsAt: at + WINDOW_S * 1000, left: most };
    window.left -= 1;
    windows.set(name, window);
    return { left: window.left, endsAt: window.endsAt, seconds: Math.max(1, Math.ceil((window.endsAt - at) / 1000)) };
  }

  return (route: ApiRoute): ((res: Response) => void) => {
    const kind = limitOf(route);
    const most = limits[kind];
    return (res) => {
      const { left, endsAt, seconds } = count(`${kind} ${res.locals.keyId ?? ''}`, most);
      tell(res, kind, { most, left: Math.max(0, left), seconds });
      if (left < 0) throw new Problem(429, { retryAt: new Date(endsAt) });
    };
  };
}

function tell(res: Response, kind: string, { most, left, seconds }: { most: number; left: number; seconds: number }) {
  res.setHeader('RateLimit-Policy', `"${kind}";q=${most};w=${WINDOW_S}`);
  res.setHeader('RateLimit', `"${kind}";r=${left};t=${seconds}`);
}
