import type { CookieOptions, Request, Response } from 'express';
import { readCookie } from '../../platform/http/cookies.js';
import { DEVICE_LIFETIME_MS } from './device-store.js';
import { looksLikeToken } from '../people/secret-tokens.js';

/**
 * The names and attributes of our cookies. `__Host-` requires https, which only loopback addresses may do without.
 */
export function cookiesFor(publicUrl: string) {
  const secure = new URL(publicUrl).protocol === 'https:';
  const name = (plain: string) => (secure ? `__Host-${plain}` : plain);
  const options = { path: '/', httpOnly: true, sameSite: 'lax', secure } as const satisfies CookieOptions;
  const deviceName = name('device');
  return {
    secure,
    session: { name: name('sid'), options },
    /** The token of this browser, if it has a valid form. */
    readDevice: (req: Request): string | undefined => readToken(req, deviceName),
    setDevice(res: Response, token: string): void {
      res.cookie(deviceName, token, { ...options, maxAge: DEVICE_LIFETIME_MS });
    },
    /** One cookie per hand-off link, so that visits of two links do not interfere. */
    readHandOff: (req: Request, id: string): string | undefined => readToken(req, name(`hand-off-${id}`)),
    setHandOff(res: Response, id: string, token: string, lifetimeMs: number): void {
      res.cookie(name(`hand-off-${id}`), token, { ...options, maxAge: lifetimeMs });
    },
  };
}

const readToken = (req: Request, name: string) => readCookie(req, name, looksLikeToken);

export type Cookies = ReturnType<typeof cookiesFor>;
