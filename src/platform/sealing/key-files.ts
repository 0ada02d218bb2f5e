import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { newSigningKey } from '../signed-notes/signing-keys.js';
import { generateSealingKeys } from './sealing.js';

/** The key files could not be written. This attempt leaves no files, and the message contains no key. */
export class KeyFileError extends Error {
  override name = 'KeyFileError';
}

/**
 * Writes a new private and a new public JWKS, readable only by their owner. Never overwrites: without a sealing key,
 * every secret that it sealed is lost.
 */
export async function writeKeyFiles(files: { privateFile: string; publicFile: string }): Promise<void> {
  const { privateJwks, publicJwks } = await generateSealingKeys();
  writeNewFile(files.privateFile, privateJwks);
  try {
    writeNewFile(files.publicFile, publicJwks);
  } catch (error) {
    // Without its public half, a private key would only block the next attempt.
    rmSync(files.privateFile);
    throw error;
  }
}

/** Writes a new key for signing notes, readable only by its owner. Never overwrites. */
export const writeSigningKeyFile = (path: string): void => writeNewText(path, newSigningKey());

const writeNewFile = (path: string, jwks: object): void => writeNewText(path, `${JSON.stringify(jwks, null, 2)}\n`);

function writeNewText(path: string, text: string): void {
  const file = attempt(path, () => openSync(path, 'wx', 0o600));
  try {
    attempt(path, () => {
      writeSync(file, text);
      fsyncSync(file);
    });
  } catch (error) {
    rmSync(path); // our own file, possibly incomplete because the disk is full
    throw error;
  } finally {
    closeSync(file);
  }
}

function attempt<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    const { code = 'unknown' } = cause as NodeJS.ErrnoException;
    const why = code === 'EEXIST' ? 'already exists and is not overwritten' : `cannot be written (${code})`;
    throw new KeyFileError(`${path} ${why}`, { cause });
  }
}
