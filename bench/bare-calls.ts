import { Agent, fetch } from 'undici';
import type { LoggedRequest } from '../src/emulator/traffic/traffic.js';

type RingCentral = { serverUrl: string; clientId: string; clientSecret: string };
type Call = { method: string; path: string; /** the calls that had ended when this one came */ after: number[] };

const ended = (one: LoggedRequest) => one.arrivedAt + one.durationMs;

/** The shape of recorded calls: which calls, in which order, and which ones run in parallel. */
export const shapeOf = (requests: readonly LoggedRequest[]): Call[] =>
  requests.map(({ method, path, arrivedAt }) => ({
    method,
    path,
    after: requests.flatMap((other, index) => (ended(other) <= arrivedAt ? [index] : [])),
  }));

/** How often a call in the shape waits for another. */
export const waitsIn = (shape: readonly Call[]): number => shape.reduce((sum, { after }) => sum + after.length, 0);

export const describe = (shape: readonly Call[]): string =>
  shape.map(({ method, path, after }) => `${method} ${path.replace(/\?.*/, '')} after [${after.join(' ')}]`).join('\n');

/**
 * Makes the calls of a shape with plain fetch over kept-alive connections, using the token that the first call
 * returns.
 */
export function bareCalls({ serverUrl, clientId, clientSecret }: RingCentral, jwt: string, shape: readonly Call[]) {
  const dispatcher = new Agent();
  const basic = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
  const form = new URLSearchParams({
    grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
    assertion: jwt,
    scope: 'ReadAccounts ReadMessages',
  }).toString();

  async function once(): Promise<void> {
    let token = '';
    const calls: Promise<void>[] = [];
    for (const { method, path, after } of shape) {
      const earlier = after.flatMap((index) => calls[index] ?? []);
      const isMint = path === '/restapi/oauth/token';
      calls.push(
        (async () => {
          await Promise.all(earlier);
          const answer = await fetch(serverUrl + path, {
            dispatcher,
            method,
            headers: isMint
              ? { authorization: basic, 'content-type': 'application/x-www-form-urlencoded' }
              : { authorization: `Bearer ${token}` },
            ...(isMint ? { body: form } : {}),
          });
          const body = (await answer.json()) as { access_token?: string };
          if (!answer.ok) throw new Error(`a bare call got ${answer.status}`);
          if (isMint) token = body.access_token ?? '';
        })(),
      );
    }
    await Promise.all(calls);
  }
  return { once, close: () => dispatcher.destroy() };
}
