import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { generateSealingKeys } from './sealing.js';

/** The key files could not be written. Nothing of this attempt is left behind, and no key is in the message. */
export class KeyFileError extends Error {
  override name = 'KeyFileError';
}

/**
 * Writes a new private and a new public JWKS, readable by their owner only. Never overwrites: a sealing key that is gone
 * takes every secret it sealed with it.
 */
export async function writeKeyFiles(files: { privateFile: string; publicFile: string }): Promise<void> {
  const { privateJwks, publicJwks } = await generateSealingKeys();
  writeNewFile(files.privateFile, privateJwks);
  try {
    writeNewFile(files.publicFile, publicJwks);
  } catch (error) {
    // A private key whose public half nobody has would only stand in the way of the next attempt.
    rmSync(files.privateFile);
    throw error;
  }
}

function writeNewFile(path: string, jwks: object): void {
  const file = attempt(path, () => openSync(path, 'wx', 0o600));
  try {
    attempt(path, () => {
      writeSync(file, `${JSON.stringify(jwks, null, 2)}\n`);
      fsyncSync(file);
    });
  } catch (error) {
    rmSync(path); // ours, and perhaps half a key: the disk was full
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
    const why = code === 'EEXIST' ? 'is there already and is not overwritten' : `cannot be written (${code})`;
    throw new KeyFileError(`${path} ${why}`, { cause });
  }
}
