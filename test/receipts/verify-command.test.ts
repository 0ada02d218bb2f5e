import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signNote } from '../../src/platform/signed-notes/signed-note.js';
import { newSigningKey, readSigningKeys, signersOf } from '../../src/platform/signed-notes/signing-keys.js';
import { receiptVerify } from '../../src/receipts/verify-command.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-receipts-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const signer = () => {
  const [made] = signersOf(readSigningKeys(newSigningKey()) ?? [], 'https://portal.example');
  if (!made) throw new Error('no key');
  return made;
};
const [ours, forger] = [signer(), signer()];
const text = (key: string, result = 'destroyed') =>
  `Latchkey receipt v1\nreceipt: 018f\nresult: ${result}\nkey: ${key}\n\nThe JWT was destroyed.\n`;
const receipt = signNote(text(ours.key.vkey), [ours]);

async function verified(content: string, key?: string) {
  const path = join(folder, 'receipt.txt');
  writeFileSync(path, content);
  const [out, err]: [string[], string[]] = [[], []];
  const terminal = {
    say: (line: string) => void out.push(line),
    fail: (...lines: string[]) => (err.push(...lines), 1) as 1,
  };
  return { code: await receiptVerify.run?.({ file: path, ...(key !== undefined && { key }) }, terminal), out, err };
}

it('a receipt verifies with a trusted key, from the command line or from a file of keys', async () => {
  const said = [
    'good: this receipt is exactly what was signed.',
    'receipt: 018f',
    'result: destroyed',
    `signed-by: ${ours.key.vkey}`,
    'The key is the one that you gave.',
  ];
  expect(await verified(receipt, ours.key.vkey)).toEqual({ code: 0, out: said, err: [] });
  const keys = join(folder, 'keys.txt');
  writeFileSync(keys, `${forger.key.vkey}\r\n${ours.key.vkey}\n`);
  expect(await verified(receipt, keys)).toEqual({ code: 0, out: said, err: [] });
});

it('without a trusted key it says that the receipt names its key itself, and does not show whose it is', async () => {
  const { code, out } = await verified(receipt);
  expect(code).toBe(0);
  expect(out.slice(-2)).toEqual([
    'The key was taken from the receipt itself. So this shows that the text has not changed since that key signed it.',
    'It does not show whose key it is. Compare it with /.well-known/latchkey-keys of the portal, or give it with --key.',
  ]);
});

it('a receipt in which any one character was changed is refused, with a key and without', async () => {
  for (const at of receipt.split('').keys()) {
    const changed = `${receipt.slice(0, at)}${receipt[at] === 'e' ? 'a' : 'e'}${receipt.slice(at + 1)}`;
    expect({ at, ...(await verified(changed)) }).toMatchObject({ at, code: 1, out: [] });
    expect({ at, ...(await verified(changed, ours.key.vkey)) }).toMatchObject({ at, code: 1, out: [] });
  }
});

it('a receipt that another key signed is refused where a trusted key is given', async () => {
  const forged = signNote(text(forger.key.vkey, 'proved_dead'), [forger]);
  expect(await verified(forged, ours.key.vkey)).toEqual({
    code: 1,
    out: [],
    err: ['bad: no key that is known here signed this receipt'],
  });
});

it('a signature that was not checked is counted', async () => {
  const { out } = await verified(signNote(text(ours.key.vkey), [ours, forger]));
  expect(out).toContain('1 more signature(s) are by keys that were not given. They were not checked.');
});

it.each([
  [
    'unsigned',
    'Latchkey receipt v1\nsigned: no\n\nText.\n',
    'bad: this receipt is unsigned, so nothing shows whether it was changed',
  ],
  ['of another kind', signNote('portal.example/audit\n12\n', [ours]), 'bad: this is not a receipt of Latchkey'],
  [
    'with other ends of lines',
    receipt.replaceAll('\n', '\r\n').replace('v1\r', 'v1'),
    'bad: the ends of lines were changed; verify the file as it was downloaded',
  ],
  ['empty', '', 'bad: this is not a receipt of Latchkey'],
])('a file that is %s is refused with its reason', async (_what, content, said) => {
  expect(await verified(content, ours.key.vkey)).toEqual({ code: 1, out: [], err: [said] });
});

it('a file or key that cannot be read is a usage error', async () => {
  expect(await verified(receipt, join(folder, 'absent'))).toMatchObject({ code: 2, out: [] });
  expect(await verified(receipt, folder)).toMatchObject({ code: 2, out: [] });
  const terminal = { say: () => undefined, fail: () => 1 as const };
  expect(await receiptVerify.run?.({ file: join(folder, 'absent') }, terminal)).toBe(2);
});
