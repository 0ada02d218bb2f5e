import type { ServerResponse } from 'node:http';
import { realWorld } from '../../../src/platform/world.js';
import { createGuardedCall } from '../../../src/ringcentral/clients/guarded-call.js';
import { aServer } from '../../support/visits/http-server.js';

const MEBIBYTE = 1_048_576;

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function callTo(answer: (response: ServerResponse) => void, maxBodyBytes?: number) {
  const server = await aServer((_request, response) => answer(response));
  // Longer than any test may run, so only the cap can end the call.
  const guarded = createGuardedCall({
    allowedOrigins: [server.url],
    world: realWorld,
    userAgent: 'Latchkey/0.0.0',
    deadlineMs: 600_000,
  });
  closing.push(guarded.close, server.close);
  return guarded.call({
    method: 'GET',
    url: server.url,
    headers: {},
    ...(maxBodyBytes !== undefined && { maxBodyBytes }),
  });
}

/** A JSON text of `bytes` bytes. */
const json = (bytes: number) => `"${'x'.repeat(bytes - 2)}"`;

type Way = (response: ServerResponse, body: string) => void;
const ways: [name: string, send: Way][] = [
  ['with a Content-Length', (response, body) => void response.setHeader('content-length', body.length).end(body)],
  [
    'in chunks without a Content-Length',
    (response, body) => {
      response.write(body.slice(0, 1000));
      response.end(body.slice(1000));
    },
  ],
];

describe.each(ways)('SEC-51: a body from RingCentral, %s', (_name, send) => {
  it.each([
    ['1 MiB by default', MEBIBYTE, undefined],
    ['what the call asks for', 4096, 4096],
  ])('is read up to the cap and refused one byte above it: %s', async (_cap, bytes, maxBodyBytes) => {
    const fits = await callTo((response) => send(response, json(bytes)), maxBodyBytes);
    expect(fits).toMatchObject({ kind: 'answer', status: 200 });
    expect(fits.kind === 'answer' && (fits.json as string).length).toBe(bytes - 2);
    const tooLarge = await callTo((response) => send(response, json(bytes + 1)), maxBodyBytes);
    expect(tooLarge).toEqual({ kind: 'failure', failure: 'body_too_large' });
  });
});

it('SEC-51: an endless body is cut off at the cap, and its connection is closed', async () => {
  let sent = 0;
  const chunk = Buffer.alloc(65_536, ' ');
  let closed: () => void = () => undefined;
  const isClosed = new Promise<void>((resolve) => (closed = resolve));
  const outcome = await callTo((response) => {
    response.on('close', closed);
    const more = () => {
      while (!response.destroyed) {
        sent += chunk.length;
        if (!response.write(chunk)) return void response.once('drain', more);
      }
    };
    more();
  });
  expect(outcome).toEqual({ kind: 'failure', failure: 'body_too_large' });
  await isClosed;
  expect(sent).toBeLessThan(32 * MEBIBYTE); // the cap, plus what the sockets buffer
});

it('SEC-51: a body whose Content-Length is above the cap is refused unread', async () => {
  let closed: () => void = () => undefined;
  const isClosed = new Promise<void>((resolve) => (closed = resolve));
  const outcome = await callTo((response) => {
    response.on('close', closed);
    response.setHeader('content-length', MEBIBYTE + 1).write('"');
  });
  expect(outcome).toEqual({ kind: 'failure', failure: 'body_too_large' });
  await isClosed;
});
