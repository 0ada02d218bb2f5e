import { statSync } from 'node:fs';
import type { Config, ConfigProblem } from './config.js';
import { isLoopback } from './platform/addresses.js';
import { databaseFilesOf } from './platform/database/database-url.js';

/** The permission bits of a file; 0 if it does not exist. */
const modeOf = (path: string): number => {
  try {
    return statSync(path).mode;
  } catch {
    return 0;
  }
};

/** Warnings about valid but risky settings: the name and what to do, one each; no value is repeated. */
export function configWarnings(config: Config, mode = modeOf): ConfigProblem[] {
  const { HOST, PUBLIC_URL, TRUST_PROXY, ROLES } = config;
  const warnings: ConfigProblem[] = [];
  const isPlain = PUBLIC_URL.startsWith('http:');
  if (isPlain && !isLoopback(HOST)) {
    const problem = 'is not a loopback address while PUBLIC_URL is http: people send passwords unencrypted';
    warnings.push({ name: 'HOST', problem });
  }
  if (!isPlain && TRUST_PROXY.length === 0 && ROLES.includes('web')) {
    const problem = 'names no proxy while PUBLIC_URL is https: all visitors have the address of the proxy';
    warnings.push({ name: 'TRUST_PROXY', problem });
  }
  if (config.AUDIT_SIGNING_KEY_FILE !== undefined && !ROLES.includes('worker')) {
    const problem = 'is used by the role worker only: do not give this process the key';
    warnings.push({ name: 'AUDIT_SIGNING_KEY_FILE', problem });
  }
  const { biz } = config.RINGCENTRAL_ENVIRONMENTS_FILE ?? {};
  const files = [
    ...config.secretFiles,
    ...[biz?.clientSecretFile, biz?.codeClientSecretFile].flatMap((path) =>
      path === undefined ? [] : [{ name: 'RINGCENTRAL_ENVIRONMENTS_FILE', path }],
    ),
    ...databaseFilesOf(config.DATABASE_URL).map((path) => ({ name: 'DATABASE_URL', path })),
  ];
  const open = files.filter(({ path }) => (mode(path) & 0o006) !== 0);
  for (const name of new Set(open.map((file) => file.name)))
    warnings.push({ name, problem: 'names a file that every user of this machine can open: chmod o= takes that away' });
  return warnings;
}
