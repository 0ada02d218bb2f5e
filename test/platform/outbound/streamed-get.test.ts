import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BodyError, createStreamedGet, safeOrigin } from '../../../src/platform/outbound/streamed-get.js';
import { realWorld } from '../../../src/platform/world.js';

let server: Server;
let origin: string;
let seen: { url: string | undefined; headers: Record<string, unknown> }[];
let answer: (res: ServerResponse) => void;
beforeAll(async () => {
  server = createServer((req, res) => {
    seen.push({ url: req.url, headers: req.headers });
    answer(res);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  seen = [];
});

const getter = createStreamedGet({ world: realWorld, userAgent: 'Latchkey/test', headersMs: 1000, idleMs: 1000 });
afterAll(() => getter.close());

const get = (more: Partial<Parameters<typeof getter.get>[0]> = {}) =>
  getter.get({
    url: `${origin}/documents/1?part=2`,
    headers: { authorization: 'Bearer EXAMPLE' },
    origins: [origin],
    maxBodyBytes: 1_000_000,
    deadlineMs: 5000,
    ...more,
  });

async function bodyOf(more: Parameters<typeof get>[0] = {}): Promise<string> {
  const got = await get(more);
  if (got.kind !== 'answer') return got.failure;
  const parts: Buffer[] = [];
  try {
    for await (const part of got.body()) parts.push(part);
    return Buffer.concat(parts).toString();
  } catch (error) {
    return error instanceof BodyError ? error.reason : 'another error';
  }
}

it('sends the request uncompressed, and gives status, headers and bytes', async () => {
  answer = (res) => res.writeHead(206, { 'content-range': 'bytes 2-3/4' }).end('cd');
  const got = await get();
  if (got.kind !== 'answer') throw new Error(got.failure);
  expect([got.status, got.header('content-range'), got.header('x-none')]).toEqual([206, 'bytes 2-3/4', null]);
  got.close();
  expect(seen).toEqual([
    {
      url: '/documents/1?part=2',
      headers: expect.objectContaining({ 'accept-encoding': 'identity', authorization: 'Bearer EXAMPLE' }),
    },
  ]);
});

it.each([
  'http://portal.isv.example/documents/1',
  'http://127.0.0.1:1/documents/1',
  'https://media.ringcentral.com.isv.example/documents/1',
  'https://media.ringcentral.com@isv.example/documents/1',
  'file:///etc/passwd',
  'no address',
])('sends no token to %s, which is no allowed origin', async (url) => {
  const got = await get({ url, origins: [origin, 'https://media.ringcentral.com'] });
  expect(got).toEqual({ kind: 'failure', failure: 'origin_not_allowed' });
});

it('counts no address as safe that is neither https nor on this machine', () => {
  expect(safeOrigin('https://media.ringcentral.com/x')).toBe('https://media.ringcentral.com');
  expect(safeOrigin('http://media.ringcentral.com/x')).toBeNull();
  expect(safeOrigin('https://user@media.ringcentral.com/x')).toBeNull();
});

it('follows no redirect', async () => {
  answer = (res) => res.writeHead(302, { location: `${origin}/elsewhere` }).end();
  expect(await bodyOf()).toBe('redirected');
  expect(seen).toHaveLength(1);
});

it.each([
  ['a body that is longer than allowed', 'too_long', (res: ServerResponse) => res.end('x'.repeat(2_000_000))],
  [
    'a body that is shorter than told',
    'cut',
    (res: ServerResponse) => {
      res.writeHead(200, { 'content-length': '100' });
      res.write('half', () => res.destroy());
    },
  ],
  ['a body that stops in the middle', 'time_out', (res: ServerResponse) => void res.write('half')],
  ['an answer that never comes', 'time_out', () => undefined],
])('ends with the reason: %s', async (_what, reason, answers) => {
  answer = (res) => answers(res);
  expect(await bodyOf()).toBe(reason);
});

it('ends a body that comes byte by byte without an end when its time is over', async () => {
  answer = (res) => {
    const send = (): void => {
      if (!res.destroyed) res.write('x', () => setTimeout(send, 20));
    };
    send();
  };
  expect(await bodyOf({ deadlineMs: 400 })).toBe('time_out');
});

it('ends at once when the process is to stop', async () => {
  const stop = new AbortController();
  answer = (res) => res.write('half', () => stop.abort());
  expect(await bodyOf({ signal: stop.signal })).toBe('stopped');
  expect(await bodyOf({ signal: stop.signal })).toBe('stopped');
});

it('holds no more of a body than is being read, however long it is', async () => {
  const size = 60_000_000;
  answer = (res) => {
    const chunk = Buffer.alloc(1_000_000);
    let sent = 0;
    const send = () => {
      if (sent === size) return res.end();
      sent += chunk.length;
      res.write(chunk, send);
    };
    send();
  };
  const got = await get({ maxBodyBytes: size, deadlineMs: 30_000 });
  if (got.kind !== 'answer') throw new Error(got.failure);
  let read = 0;
  let largest = 0;
  for await (const part of got.body()) {
    read += part.length;
    largest = Math.max(largest, part.length);
  }
  expect({ read, isSmall: largest <= 1_000_000 }).toEqual({ read: size, isSmall: true });
});
