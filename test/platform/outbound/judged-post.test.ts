import type { ServerResponse } from 'node:http';
import type { LookupFunction } from 'node:net';
import express from 'express';
import { presentations, listenSecurely, type SecureListener } from '../../../src/emulator/listening/secure-listener.js';
import { createJudgedPost, type PostResult } from '../../../src/platform/outbound/judged-post.js';
import { addressJudge } from '../../../src/platform/outbound/public-address.js';
import { realWorld } from '../../../src/platform/world.js';

type Seen = { body: string; headers: Record<string, unknown>; host: string | undefined };
let receiver: SecureListener;
let answer: (res: ServerResponse) => void;
let seen: Seen[];
let open = 0;

beforeAll(async () => {
  const app = express()
    .use(express.text({ type: () => true }))
    .post('/in', (req, res) => {
      open += 1;
      res.once('close', () => (open -= 1));
      seen.push({ body: req.body as string, headers: req.headers, host: req.headers.host });
      answer(res);
    });
  receiver = await listenSecurely(app);
});
afterAll(() => receiver.close());
beforeEach(() => {
  seen = [];
  answer = (res) => res.writeHead(204).end();
  receiver.present('good');
});

/** A name server whose answer for every name is this. */
const resolvesTo =
  (...answers: string[][]): LookupFunction =>
  (_name, _options, callback) => {
    const addresses = (answers.length > 1 ? answers.shift() : answers[0]) ?? [];
    (callback as (error: null, found: { address: string; family: number }[]) => void)(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };

type Given = { lookup?: LookupFunction; loopback?: boolean; host?: string; deadlineMs?: number };
/** By default this machine may be called, as in the demo. */
function send({ lookup = resolvesTo(['127.0.0.1']), loopback = true, ...given }: Given = {}): Promise<PostResult> {
  const { authority: authorities, url } = receiver;
  const { deadlineMs = 3000, host = 'localhost' } = given;
  const judge = addressJudge([], loopback);
  const network = { authorities, lookup, loopback };
  const { post } = createJudgedPost({ world: realWorld, judge, userAgent: 'Latchkey/test', deadlineMs, network });
  return post(`${url.replace('localhost', host)}/in?team=7`, { 'webhook-id': 'evt' }, '{"a":"Ñ"}');
}
const failureOf = async (given?: Given) => {
  const result = await send(given);
  return result.kind === 'failure' ? result.failure : result.status;
};

it('posts the body as it is and keeps of the answer status, Retry-After and a kilobyte of text', async () => {
  const sentBody = `\u0000<b>é${'x'.repeat(2000)}`;
  answer = (res) => res.writeHead(503, { 'retry-after': '120', 'set-cookie': 'a=b' }).end(sentBody);
  const result = await send();
  const excerpt = `\uFFFD<b>é${'x'.repeat(1018)}`;
  const ms = expect.any(Number) as number;
  expect(result).toEqual({ kind: 'answer', status: 503, ms, retryAfter: '120', excerpt });
  expect(seen).toEqual([
    {
      body: '{"a":"Ñ"}',
      host: new URL(receiver.url).host,
      headers: expect.objectContaining({
        'webhook-id': 'evt',
        'user-agent': 'Latchkey/test',
        'accept-encoding': 'identity',
        'content-length': '10',
      }) as Record<string, unknown>,
    },
  ]);
});

it('SEC-38: connects to no address that is not public, however the name leads there', async () => {
  const lookups = [
    ['127.0.0.1'],
    ['169.254.169.254'],
    ['::1'],
    ['::ffff:127.0.0.1'],
    ['8.8.8.8', '127.0.0.1'],
    ['127.0.0.1', '8.8.8.8'],
    ['8.8.8.8', '64:ff9b::7f00:1'],
  ];
  for (const addresses of lookups)
    expect([addresses, await failureOf({ lookup: resolvesTo(addresses), loopback: false })]).toEqual([
      addresses,
      'not_allowed',
    ]);
  for (const host of ['127.0.0.1', '[::1]', '169.254.169.254', '0x7f.1', 'user:pass@localhost'])
    expect([host, await failureOf({ host, loopback: false })]).toEqual([host, 'not_allowed']);
  expect(seen).toEqual([]);
});

it('SEC-38: looks a name up once: the address that was judged is the one connected to, under the name of the URL', async () => {
  let lookups = 0;
  const changing: LookupFunction = (name, options, callback) => {
    lookups += 1;
    resolvesTo(lookups === 1 ? ['127.0.0.1'] : ['169.254.169.254'])(name, options, callback);
  };
  expect(await failureOf({ lookup: changing })).toBe(204);
  expect(lookups).toBe(1);
  // The certificate is for localhost only: the name is verified, not the address.
  expect(await failureOf({ host: 'hooks.example' })).toBe('tls');
});

it('SEC-38: accepts no other certificate than one for the name by a trusted authority', async () => {
  const wrong = presentations.filter((one) => one !== 'good' && one !== 'silence');
  for (const presentation of wrong) {
    receiver.present(presentation);
    expect([presentation, await failureOf()]).toEqual([presentation, 'tls']);
  }
  expect(seen).toEqual([]);
});

it('SEC-38: follows no redirect', async () => {
  for (const status of [301, 302, 303, 307, 308]) {
    const headers = { location: 'http://169.254.169.254/latest', 'retry-after': '7' };
    answer = (res) => res.writeHead(status, headers).end('Moved');
    expect(await send()).toMatchObject({ kind: 'answer', status, excerpt: 'Moved', retryAfter: '7' });
  }
  expect(seen).toHaveLength(5);
});

it('ends at its deadline, whatever hangs: look-up, handshake, headers or body', async () => {
  const hangs: Given[] = [{ lookup: () => undefined }, {}, {}, {}];
  const answers: ((res: ServerResponse) => void)[] = [
    () => undefined,
    () => undefined,
    () => undefined,
    (res) => {
      res.writeHead(200).write('a');
      const drip = () => {
        if (res.destroyed) return;
        res.write('a');
        setTimeout(drip, 20);
      };
      drip();
    },
  ];
  for (const [at, given] of hangs.entries()) {
    receiver.present(at === 1 ? 'silence' : 'good');
    answer = answers[at]!;
    const result = await send({ ...given, deadlineMs: 250 });
    expect([at, result]).toEqual([at, { kind: 'failure', failure: 'time_out', ms: expect.any(Number) as number }]);
    expect(result.ms).toBeLessThan(1500);
  }
});

it('reads no more than it keeps, and closes the connection of an endless answer', async () => {
  const chunk = Buffer.alloc(65_536, 'x');
  let written = 0;
  answer = (res) => {
    res.writeHead(200, { 'content-length': String(2 ** 30) });
    const more = () => {
      while (!res.destroyed && written < 2 ** 30) {
        written += chunk.length;
        if (!res.write(chunk)) return void res.once('drain', more);
      }
    };
    more();
  };
  expect(await send()).toEqual(expect.objectContaining({ kind: 'answer', status: 200, excerpt: 'x'.repeat(1024) }));
  expect(written).toBeLessThan(50 * 2 ** 20);
});

it('says what failed: no such name, no listener, a cut connection, more headers than anyone sends', async () => {
  const missing: LookupFunction = (_name, _options, callback) =>
    callback(Object.assign(new Error('x'), { code: 'ENOTFOUND' }), '', 0);
  expect(await failureOf({ lookup: missing })).toBe('dns');
  expect(await failureOf({ lookup: resolvesTo([]) })).toBe('dns');
  answer = (res) => res.destroy();
  expect(await failureOf()).toBe('network');
  answer = (res) => void res.writeHead(200, { 'x-long': 'y'.repeat(100_000) }).end();
  expect(await failureOf()).toBe('network');
  const { post } = createJudgedPost({
    world: realWorld,
    judge: addressJudge([], true),
    userAgent: 'test',
    network: { loopback: true },
  });
  expect(await post('http://127.0.0.1:1/in', {}, '')).toEqual(expect.objectContaining({ failure: 'network' }));
  expect(open).toBe(0);
});
