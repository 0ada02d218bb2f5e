import request from 'supertest';
import { newSigningKey, readSigningKeys, signersOf } from '../../src/platform/signed-notes/signing-keys.js';
import { TestPortal } from '../support/portal.js';

const vkeyOf = (pem: string) => signersOf(readSigningKeys(pem) ?? [], 'http://127.0.0.1:1')[0]?.key.vkey;

it('the portal publishes the public keys of its worker, and keeps earlier ones, so that old receipts verify', async () => {
  const [before, now] = [newSigningKey(), newSigningKey()];
  const test = await TestPortal.start({ env: { AUDIT_SIGNING_KEY_FILE: now } });
  const keys = async () => (await request(test.url).get('/.well-known/latchkey-keys')).text;
  expect(await keys()).toBe('');
  expect(await test.portal.begin()).toBeNull();
  expect(await test.portal.begin()).toBeNull();
  expect(await keys()).toBe(`${vkeyOf(now)}\n`);
  await test.db('signing_keys').insert({ vkey: vkeyOf(before), first_used_at: '2020-01-01T00:00:00.000Z' });
  expect(await keys()).toBe(`${vkeyOf(now)}\n${vkeyOf(before)}\n`);
  const answer = await request(test.url).get('/.well-known/latchkey-keys');
  expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8');
  expect(JSON.stringify(answer.text + test.logs.join())).not.toContain('PRIVATE');
  await test.close();
});
