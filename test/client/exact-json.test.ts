import fc from 'fast-check';
import { readJson } from '../../src/client/client.js';

it.each([
  ['{"id":1234567890123456789}', { id: '1234567890123456789' }],
  ['{"owner":{"owner_id": 400129284008 }}', { owner: { owner_id: '400129284008' } }],
  ['{"extensionId":-7,"accountIds":5}', { extensionId: '-7', accountIds: '5' }],
  ['{"fax_extensions":[9234567890123456789,"1"]}', { fax_extensions: ['9234567890123456789', '1'] }],
  ['{"size":18446744073709551615}', { size: '18446744073709551615' }],
])('ids and long integers of %s become text with every digit', (text, read) => {
  expect(readJson(text)).toEqual(read);
});

it.each([
  ['{"expires_in":3600,"share":0.12345678901234567,"e":1.5e10,"paid":true,"void":1}'],
  ['{"name":"1234567890123456789","quoted":"say \\"12345678901234567890\\" twice","path":"C:\\\\"}'],
  ['[1,-2.5,null,"{\\"id\\":5}"]'],
])('%s is read as JSON.parse reads it', (text) => {
  expect(readJson(text)).toEqual(JSON.parse(text));
});

it('what has no id and no long integer is read as JSON.parse reads it', () => {
  const value = fc.jsonValue({ maxDepth: 4 }).filter((one) => !/\d{16}|ids?"/i.test(JSON.stringify(one)));
  fc.assert(
    fc.property(value, (one) => expect(readJson(JSON.stringify(one))).toEqual(JSON.parse(JSON.stringify(one)))),
  );
});

it('a long text that never ends is refused at once', () => {
  const begun = performance.now();
  expect(() => readJson(`{"from":"${'\\"'.repeat(80_000)}`)).toThrow(SyntaxError);
  expect(performance.now() - begun).toBeLessThan(5000);
});

it('a text that is not JSON is refused', () => {
  for (const text of ['', '{', '{"id":1234567890123456789', '<html>'])
    expect(() => readJson(text)).toThrow(SyntaxError);
});
