import { readFile } from 'node:fs/promises';
import { Secret } from '../../platform/secret.js';

/** Returns the current secret. Called before every request, so a changed file needs no restart. */
export type SecretSource = () => Promise<Secret>;

export type ClientSecret = {
  current: SecretSource;
  /** the secret before the last change; tried once if RingCentral refuses the current one (OAU-146) */
  previous?: SecretSource | undefined;
};

export const fixedSecret = (text: string): SecretSource => {
  const secret = new Secret(text);
  return () => Promise.resolve(secret);
};

/**
 * Reads the file for every request, and trims the secret. While the file is empty or cannot be read, such as while it is
 * being replaced, the last good secret stays in use.
 *
 * @throws {Error} if there has been no good secret yet; the message holds nothing of the file's content
 */
export function fileSecret(path: string): SecretSource {
  let last: Secret | undefined;
  return async () => {
    try {
      const text = (await readFile(path, 'utf8')).trim();
      if (text === '') throw new Error('the file is empty');
      last = new Secret(text);
    } catch (cause) {
      if (!last) throw new Error('the client secret cannot be read', { cause });
    }
    return last;
  };
}
