import { createHash, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';

/** A public key with the name of its owner, in the format of C2SP signed-note. */
export type NoteKey = { name: string; id: string; publicKey: KeyObject; vkey: string };

/** A key that signs, with its public part. */
export type NoteSigner = { key: NoteKey; privateKey: KeyObject };

export type NoteProblem =
  /** Not the form of a signed note. */
  | 'malformed'
  /** It has the form, but none of the given keys signed it. */
  | 'no_known_key'
  /** It names one of the given keys, but that key did not sign this text. */
  | 'wrong_signature';

export type OpenedNote = { ok: true; text: string; by: NoteKey[] } | { ok: false; problem: NoteProblem };

/** The only algorithm so far. The byte leaves room for others. */
const ED25519 = 0x01;
const MAX_BYTES = 1_000_000;
const MAX_SIGNATURES = 100;

/** Contains neither a space nor a plus sign, because both separate parts of a line. */
const isName = (name: string): boolean => /^[^\s+]+$/u.test(name);
/** A signed text has no control character except the newline, and ends with one. */
const isSignable = (text: string): boolean => text.endsWith('\n') && !/[\u0000-\u0009\u000b-\u001f]/.test(text);

/** null unless it is exactly what encoding gives, so that a changed character never decodes to the same bytes. */
function base64Bytes(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : null;
}

const rawOf = (publicKey: KeyObject): Buffer => Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');

/** @throws if the name is not one, or the key is not for Ed25519 */
export function noteKey(name: string, publicKey: KeyObject): NoteKey {
  if (!isName(name)) throw new Error('the name of a key for notes is empty, or has a space or a plus sign');
  if (publicKey.asymmetricKeyType !== 'ed25519') throw new Error('a key for notes is not for Ed25519');
  const typed = Buffer.concat([Buffer.of(ED25519), rawOf(publicKey)]);
  const hash = createHash('sha256').update(`${name}\n`).update(typed).digest();
  const id = hash.subarray(0, 4).toString('hex');
  return { name, id, publicKey, vkey: `${name}+${id}+${typed.toString('base64')}` };
}

export const noteSigner = (name: string, privateKey: KeyObject): NoteSigner => ({
  key: noteKey(name, createPublicKey(privateKey)),
  privateKey,
});

/** Reads the text form of a public key, `<name>+<id>+<key>`; null if it is not one, or its id is of another key. */
export function parseNoteKey(vkey: string): NoteKey | null {
  const [, name = '', , encoded = ''] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/u.exec(vkey) ?? [];
  const typed = base64Bytes(encoded);
  if (typed?.length !== 33 || typed[0] !== ED25519) return null;
  const x = typed.subarray(1).toString('base64url');
  const key = noteKey(name, createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' }));
  return key.vkey === vkey ? key : null;
}

/** Signs with each of the keys. @throws if the text cannot be signed, which is a defect of its author */
export function signNote(text: string, signers: readonly NoteSigner[]): string {
  if (!isSignable(text)) throw new Error('the text of a note has a control character, or no newline at its end');
  const lines = signers.map(({ key, privateKey }) => {
    const signature = Buffer.concat([Buffer.from(key.id, 'hex'), sign(null, Buffer.from(text), privateKey)]);
    return `— ${key.name} ${signature.toString('base64')}\n`;
  });
  return `${text}\n${lines.join('')}`;
}

/**
 * Verifies a note with the given keys. A signature of another key is passed over, as the format demands. One of a given
 * key must be right.
 */
export function openNote(note: string | Uint8Array, keys: readonly NoteKey[]): OpenedNote {
  const parts = partsOf(note);
  if (!parts) return { ok: false, problem: 'malformed' };
  const by: NoteKey[] = [];
  for (const { name, id, signature } of parts.signatures) {
    const key = keys.find((one) => one.name === name && one.id === id);
    if (!key || by.includes(key)) continue;
    if (!verify(null, Buffer.from(parts.text), key.publicKey, signature))
      return { ok: false, problem: 'wrong_signature' };
    by.push(key);
  }
  return by.length > 0 ? { ok: true, text: parts.text, by } : { ok: false, problem: 'no_known_key' };
}

type Parts = { text: string; signatures: { name: string; id: string; signature: Buffer }[] };

/** Text and signatures, not verified; null if this is not a signed note. */
export function partsOf(note: string | Uint8Array): Parts | null {
  const whole = typeof note === 'string' ? note : utf8Of(note);
  if (whole === null || whole.length > MAX_BYTES || !isSignable(whole)) return null;
  const blank = whole.lastIndexOf('\n\n');
  if (blank === -1) return null;
  const lines = whole.slice(blank + 2, -1).split('\n');
  if (lines.length > MAX_SIGNATURES) return null;
  const signatures: Parts['signatures'] = [];
  for (const line of lines) {
    const [, name = '', encoded = ''] = /^— ([^\s+]+) ([A-Za-z0-9+/=]+)$/u.exec(line) ?? [];
    const bytes = base64Bytes(encoded);
    if (!bytes || bytes.length < 5) return null;
    signatures.push({ name, id: bytes.subarray(0, 4).toString('hex'), signature: bytes.subarray(4) });
  }
  return { text: whole.slice(0, blank + 1), signatures };
}

function utf8Of(bytes: Uint8Array): string | null {
  if (bytes.length > MAX_BYTES) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
