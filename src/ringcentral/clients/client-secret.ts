import { readFile, stat } from 'node:fs/promises';
import { Secret } from '../../platform/secret.js';

/** Gives the secret of today. It is asked before every call, so a changed file needs no restart. */
export type SecretSource = () => Promise<Secret>;

export type ClientSecret = {
  current: SecretSource;
  /** the secret before the last change: tried once where RingCentral refuses the current one (OAU-146) */
  previous?: SecretSource | undefined;
};

export const fixedSecret = (text: string): SecretSource => {
  const secret = new Secret(text);
  return () => Promise.resolve(secret);
};

/**
 * Reads the file again when its time or size changed. White space around the secret is dropped. A file that is empty or
 * cannot be read, as while it is being replaced, leaves the last good secret in use.
 *
 * @throws {Error} from the first read, if there has been no good secret yet; it names no content
 */
export function fileSecret(path: string): SecretSource {
  let last: { mark: string; secret: Secret } | undefined;
  return async () => {
    try {
      const { mtimeMs, size, ino } = await stat(path);
      const mark = `${mtimeMs}|${size}|${ino}`;
      if (last?.mark === mark) return last.secret;
      const text = (await readFile(path, 'utf8')).trim();
      if (text === '') throw new Error('the file is empty');
      last = { mark, secret: new Secret(text) };
    } catch (cause) {
      if (!last) throw new Error('the client secret cannot be read', { cause });
    }
    return last.secret;
  };
}
