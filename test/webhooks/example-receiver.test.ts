// Only on SQLite: the receiver of the guide; what is sent has tests of its own on PostgreSQL.
import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Secret } from '../../src/platform/secret.js';
import { signedHeaders } from '../../src/webhooks/deliveries/signature.js';
import { testBody } from '../../src/webhooks/deliveries/test-event.js';
import { root } from '../views/render.js';

const guide = readFileSync(join(root, 'docs/webhooks.md'), 'utf8');
const program = [...guide.matchAll(/^```js\n([^]*?)^```$/gm)].map(([, text = '']) => text).join('\n');
const secret = new Secret(`whsec_${Buffer.alloc(32, 5).toString('base64')}`);
const former = new Secret(`whsec_${Buffer.alloc(32, 6).toString('base64')}`);

it('SEC-38: the receiver of docs/webhooks.md accepts what is signed, each event once, and nothing else', async () => {
  const env = { ...process.env, PORT: '0', WEBHOOK_SECRET: secret.reveal() };
  const receiver: ChildProcess = spawn(process.execPath, ['--input-type=module', '-e', program], { env });
  const lines = createInterface({ input: receiver.stdout! })[Symbol.asyncIterator]();
  const line = async (): Promise<string> => String((await lines.next()).value);
  try {
    const port = (await line()).replace('port ', '');
    const send = async (id: string, body: string, { at = new Date(), by = [secret], sent = body } = {}) => {
      const headers = signedHeaders(id, at, body, by);
      return (await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', headers, body: sent })).status;
    };
    const event = (id: string, type: string) =>
      `{"id":"${id}","seq":7,"type":"${type}","at":"2026-11-30T08:00:00.000Z","tenant":"t","external_ref":"EHR-1","data":{"cause":"owner_inactive","fix_owner":"tenant","since":"2026-11-30T08:00:00.000Z"}}`;
    const test = testBody('test_1', 'incident.opened', new Date());
    expect([
      await send('test_1', test),
      await send('one', event('one', 'connection.failing')),
      await send('one', event('one', 'connection.failing')),
      await send('two', event('two', 'connection.warning'), { by: [former, secret] }),
    ]).toEqual([204, 204, 204, 204]);
    expect([await line(), await line()]).toEqual([
      'connection.failing EHR-1 owner_inactive',
      'connection.warning EHR-1 owner_inactive',
    ]);
    const old = new Date(Date.now() - 301_000);
    expect([
      await send('test_2', test, { sent: JSON.stringify(JSON.parse(test)) }),
      await send('three', event('three', 'connection.failing'), { sent: event('four', 'connection.failing') }),
      await send('three', event('three', 'connection.failing'), { at: old }),
      await send('three', event('three', 'connection.failing'), { by: [former] }),
      (await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: '{}' })).status,
    ]).toEqual([401, 401, 401, 401, 401]);
  } finally {
    receiver.kill();
  }
});
