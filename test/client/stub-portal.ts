import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { latchkeyClient, type ClientOptions } from '../../src/client/client.js';

export const key = 'lky_EXAMPLE001_EXAMPLEEXAMPLEEXAMPLEEXAMPLE0000ABCDEF';

type Seen = { line: string; body: unknown; headers: Record<string, string | string[] | undefined> };
/** One answer. `cut`: the connection ends instead. */
export type Told = { status: number; headers?: Record<string, string>; body?: unknown; text?: string } | 'cut';

/** The members of a problem that the contract always has. */
export const aProblem = (status: number, more: object = {}): Told => ({
  status,
  body: {
    type: 'https://portal.isv.example/docs/errors/x',
    title: 'x',
    status,
    instance: 'urn:uuid:00000000-0000-4000-8000-000000000001',
    ...more,
  },
});

export const aToken = (more: object = {}) => ({
  access_token: 'EXAMPLE-token-1',
  token_type: 'Bearer',
  expires_in: 3600,
  expires_at: '2026-11-29T11:00:00.000Z',
  issued_at: '2026-11-29T10:00:00.000Z',
  renewed: true,
  scope: 'ReadAccounts ReadMessages',
  server_url: 'https://platform.ringcentral.com',
  media_url: 'https://media.ringcentral.com',
  account_id: '1234567890123456789',
  owner_id: '2234567890123456789',
  fax_extensions: ['3234567890123456789'],
  ...more,
});

/**
 * A portal that gives scripted answers, and a client for it whose clock moves only when the client waits. It refuses
 * what the contract does not allow, so a client that asks otherwise fails.
 */
export async function aStubPortal(start = '2026-11-29T10:00:00.000Z') {
  const seen: Seen[] = [];
  const script: Told[] = [];
  const waits: number[] = [];
  let clock = Date.parse(start);
  let random = 0;
  const server = createServer((req, res) => {
    const parts: Buffer[] = [];
    req.on('data', (part: Buffer) => parts.push(part));
    req.on('end', () => {
      const text = Buffer.concat(parts).toString();
      const isJson = req.headers['content-type'] === 'application/json';
      const body: unknown = isJson ? JSON.parse(text) : text;
      seen.push({ line: `${req.method ?? ''} ${req.url ?? ''}`, body, headers: req.headers });
      const isAllowed = req.headers.authorization === `Bearer ${key}` && (text === '' || isJson);
      const told = isAllowed ? (script.shift() ?? aProblem(500)) : aProblem(401);
      if (told === 'cut') {
        req.socket.destroy();
        return;
      }
      const json = told.status < 400 ? 'application/json' : 'application/problem+json';
      const type = told.text === undefined ? json : 'text/html';
      res.writeHead(told.status, { 'content-type': type, date: new Date(clock).toUTCString(), ...told.headers });
      res.end(told.text ?? (told.body === undefined ? '' : JSON.stringify(told.body)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    seen,
    waits,
    /** The answers to the next requests, in order; after them 500. */
    will: (...told: Told[]) => void script.splice(0, script.length, ...told),
    advance: (milliseconds: number) => (clock += milliseconds),
    setRandom: (value: number) => (random = value),
    /** @param aheadMs how much the clock of the client is ahead of the portal's */
    client: (options: Partial<ClientOptions> = {}, aheadMs = 0) =>
      latchkeyClient(
        { url, apiKey: key, ...options },
        {
          now: () => clock + aheadMs,
          random: () => random,
          newId: () => `id-${seen.length}`,
          wait: (milliseconds) => {
            waits.push(milliseconds);
            clock += milliseconds;
            return Promise.resolve();
          },
        },
      ),
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

export type StubPortal = Awaited<ReturnType<typeof aStubPortal>>;
