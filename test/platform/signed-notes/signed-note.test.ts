import { createPrivateKey } from 'node:crypto';
import fc from 'fast-check';
import {
  noteSigner,
  openNote,
  parseNoteKey,
  partsOf,
  signNote,
  type NoteKey,
} from '../../../src/platform/signed-notes/signed-note.js';
import { newSigningKey, readSigningKeys, signersOf } from '../../../src/platform/signed-notes/signing-keys.js';

/** The example of the C2SP specification, and of the Go package `note` from which it comes. */
const example = {
  vkey: 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
  skey: 'PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz',
  text: "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n",
  signature:
    '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n',
};
const note = `${example.text}\n${example.signature}`;

/** The private key of the example: its seed in the frame of PKCS #8 for Ed25519 (RFC 8410). */
function examplePrivateKey() {
  const seed = Buffer.from(example.skey.split('+').slice(4).join('+'), 'base64').subarray(1);
  const frame = Buffer.from('302e020100300506032b657004220420', 'hex');
  return createPrivateKey({ key: Buffer.concat([frame, seed]), format: 'der', type: 'pkcs8' });
}
const keyOf = (vkey: string): NoteKey => {
  const key = parseNoteKey(vkey);
  if (!key) throw new Error('not a key');
  return key;
};
const peter = keyOf(example.vkey);
const [ours, another] = [newSigningKey(), newSigningKey()].map(
  (pem) => signersOf(readSigningKeys(pem) ?? [], 'https://portal.example')[0],
);
if (!ours || !another) throw new Error('no keys');

it('verifies the example of C2SP with its public key, and makes the same signature with its private key', () => {
  expect(openNote(note, [peter])).toEqual({ ok: true, text: example.text, by: [peter] });
  expect(openNote(Buffer.from(note), [peter])).toMatchObject({ ok: true });
  const signer = noteSigner('PeterNeumann', examplePrivateKey());
  expect(signer.key.vkey).toBe(example.vkey);
  expect(signer.key.id).toBe('c74f20a3');
  expect(signNote(example.text, [signer])).toBe(note);
});

it('refuses a note in which any one character was changed, left out, or added', () => {
  const characters = Array.from(note);
  const changed = fc
    .tuple(
      fc.nat(characters.length - 1),
      fc.constantFrom('change', 'remove', 'add'),
      fc.constantFrom(...Array.from('aZ0+/= \n.—é')),
    )
    .map(([at, how, character]) => {
      const before = characters.slice(0, at).join('');
      const rest = characters.slice(at + 1).join('');
      const kept = characters[at] ?? '';
      return before + (how === 'add' ? character + kept : how === 'remove' ? '' : character) + rest;
    })
    .filter((text) => text !== note);
  fc.assert(
    fc.property(changed, (text) => !openNote(text, [peter]).ok),
    { numRuns: 1000 },
  );
  for (const at of characters.keys()) {
    const other = characters[at] === 'A' ? 'B' : 'A';
    expect(openNote([...characters.slice(0, at), other, ...characters.slice(at + 1)].join(''), [peter]).ok).toBe(false);
  }
});

it('passes over a signature of an unknown key, but not a wrong one of a known key', () => {
  const both = signNote(example.text, [ours, another]);
  expect(openNote(both, [ours.key])).toMatchObject({ ok: true, by: [ours.key] });
  expect(openNote(both, [ours.key, another.key])).toMatchObject({ ok: true, by: [ours.key, another.key] });
  expect(openNote(both, [peter])).toEqual({ ok: false, problem: 'no_known_key' });
  const [, second = ''] = signNote('Other text.\n', [another]).split('\n\n');
  const mixed = signNote(example.text, [ours]) + second;
  expect(openNote(mixed, [ours.key])).toMatchObject({ ok: true });
  expect(openNote(mixed, [ours.key, another.key])).toEqual({ ok: false, problem: 'wrong_signature' });
});

it.each([
  ['no signature', 'Text.\n'],
  ['an empty list of signatures', 'Text.\n\n'],
  ['no newline at its end', note.slice(0, -1)],
  ['ends of lines of Windows', note.replaceAll('\n', '\r\n')],
  ['a control character', `\u0007${note}`],
  ['a hyphen in place of the dash', note.replace('—', '-')],
  ['more signatures than a hundred', `Text.\n\n${example.signature.repeat(101)}`],
  ['a text of more than a million characters', `${'x'.repeat(1_000_001)}\n\n${example.signature}`],
])('a note with %s is malformed', (_what, text) => {
  expect(openNote(text, [peter])).toEqual({ ok: false, problem: 'malformed' });
});

it('bytes that are not UTF-8 are no note', () => {
  expect(openNote(Buffer.concat([Buffer.from([0xff]), Buffer.from(note)]), [peter])).toMatchObject({ ok: false });
});

it('a text may contain empty lines and lines that look like signatures', () => {
  const text = `One.\n\n${example.signature}\nTwo.\n`;
  expect(openNote(signNote(text, [ours]), [ours.key])).toMatchObject({ ok: true, text });
});

it('without a key the text keeps its form and has no signature', () => {
  expect(signNote('Text.\n', [])).toBe('Text.\n\n');
  expect(partsOf('Text.\n\n')).toBeNull();
});

it.each(['no newline', 'a \t tab\n', 'a carriage return\r\n'])('does not sign %j', (text) => {
  expect(() => signNote(text, [ours])).toThrow();
});

it.each([
  ['another id', example.vkey.replace('c74f20a3', 'c74f20a4')],
  ['another name', example.vkey.replace('Peter', 'peter')],
  ['another algorithm', example.vkey.replace('+ARpc', '+Ahpc')],
  ['a key that is too short', example.vkey.slice(0, -4)],
  ['bits behind its end', `${example.vkey}=`],
  ['a space', ` ${example.vkey}`],
  ['nothing', ''],
])('a public key with %s is not read', (_what, vkey) => {
  expect(parseNoteKey(vkey)).toBeNull();
});

it('a key file may hold several keys, all of which sign under the host of the portal', () => {
  const pem = newSigningKey() + newSigningKey();
  const signers = signersOf(readSigningKeys(pem) ?? [], 'https://portal.example:8443');
  expect(signers.map(({ key }) => key.name)).toEqual(['portal.example:8443/audit', 'portal.example:8443/audit']);
  expect(partsOf(signNote('Text.\n', signers))?.signatures.map(({ id }) => id)).toEqual(
    signers.map(({ key }) => key.id),
  );
});

it.each(['', 'a key', newSigningKey().slice(0, 60), `${newSigningKey()}and more`, example.skey])(
  'a file that holds anything but keys for Ed25519 is refused: case %#',
  (pem) => {
    expect(readSigningKeys(pem)).toBeNull();
  },
);
