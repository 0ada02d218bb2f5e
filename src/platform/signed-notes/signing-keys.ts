import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { noteSigner, type NoteSigner } from './signed-note.js';

const block = /-----BEGIN PRIVATE KEY-----[A-Za-z0-9+/=\s]*-----END PRIVATE KEY-----/g;

/** A new key for Ed25519 as PKCS #8 in PEM, the format of `openssl genpkey -algorithm ed25519`. */
export const newSigningKey = (): string =>
  String(generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }));

/** The keys of a file with one or several PEM blocks; null if it holds anything else. */
export function readSigningKeys(pem: string): KeyObject[] | null {
  const blocks = pem.match(block) ?? [];
  if (blocks.length === 0 || pem.replaceAll(block, '').trim() !== '') return null;
  try {
    const keys = blocks.map((one) => createPrivateKey(one));
    return keys.every((key) => key.asymmetricKeyType === 'ed25519') ? keys : null;
  } catch {
    return null;
  }
}

/**
 * What signs for this installation. The name is the host of the portal, so that a reader of a note sees who signed it.
 * Every key of the file signs: an old one beside a new one, while readers still have only the old one.
 */
export const signersOf = (keys: readonly KeyObject[], publicUrl: string): NoteSigner[] =>
  keys.map((key) => noteSigner(`${new URL(publicUrl).host}/audit`, key));
