import { readFileSync } from 'node:fs';
import { publicUrl } from '../config-values.js';
import type { ConfigProblem, Environment } from '../config.js';
import { Secret } from '../platform/secret.js';

export type PortalAccess = { url: string; apiKey: Secret };

/**
 * Which portal a command calls, and with which key. It reads `LATCHKEY_URL` and `LATCHKEY_API_KEY` or
 * `LATCHKEY_API_KEY_FILE`, and nothing else.
 *
 * @returns the access, or every bad name with its problem, without a value
 */
export function portalAccess(
  environment: Environment,
  readFile: (path: string, encoding: 'utf8') => string = readFileSync,
): PortalAccess | ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const { LATCHKEY_URL: address, LATCHKEY_API_KEY: direct, LATCHKEY_API_KEY_FILE: path } = environment;
  const url = publicUrl.safeParse(address);
  if (!address) problems.push({ name: 'LATCHKEY_URL', problem: 'is missing' });
  else if (!url.success) problems.push({ name: 'LATCHKEY_URL', problem: url.error.issues[0]?.message ?? 'is wrong' });
  let key = direct;
  if (direct && path) problems.push({ name: 'LATCHKEY_API_KEY', problem: 'is given twice: by itself and as a file' });
  else if (path)
    try {
      key = readFile(path, 'utf8').replace(/\r?\n$/, '');
    } catch {
      problems.push({ name: 'LATCHKEY_API_KEY_FILE', problem: 'names a file that cannot be read' });
      return problems;
    }
  if (!key) problems.push({ name: 'LATCHKEY_API_KEY', problem: 'is missing' });
  else if (!/^[\w.~+/=-]{1,255}$/.test(key)) problems.push({ name: 'LATCHKEY_API_KEY', problem: 'is not an API key' });
  return problems.length === 0 && url.success ? { url: url.data, apiKey: new Secret(key ?? '') } : problems;
}
