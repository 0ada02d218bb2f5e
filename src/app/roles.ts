import type { Config, Role } from '../config.js';
import {
  jwksOfSymmetricKey,
  privateKeySealing,
  publicKeySealer,
  symmetricSealing,
  type Sealer,
} from '../platform/sealing/sealing.js';
import type { SecretsRole, WebRole } from './capability.js';
import type { Runtime } from './foundation.js';
import { createRingCentral } from './ringcentral.js';

/** What this process may do, and what it needs for that. A role that the process does not have is null. */
export type Roles = {
  web: WebRole | null;
  secrets: SecretsRole | null;
  has: (role: Role) => boolean;
  /** Has only the public key if this process only seals secrets. */
  sealer: Sealer;
  close: () => Promise<void>;
};

/** @throws {SealingKeyError} if the keys cannot be used */
export async function rolesOf(config: Config, runtime: Runtime): Promise<Roles> {
  const has = (role: Role) => config.ROLES.includes(role);
  if (!has('worker') && !has('api')) {
    const sealer = await publicKeySealer(config.SEALING_PUBLIC_KEYS_FILE ?? config.SEALING_KEYS_FILE);
    return { web: await webRole(config, has), secrets: null, has, sealer, close: () => Promise.resolve() };
  }
  const opener = await privateKeySealing(config.SEALING_KEYS_FILE);
  const tokenSealing = await symmetricSealing(config.SEALING_KEYS_FILE);
  const web = await webRole(config, has);
  const { client, settled } = createRingCentral(config, runtime);
  const close = async () => {
    await settled();
    await client.close();
  };
  return { web, secrets: { opener, tokenSealing, ringcentral: client }, has, sealer: opener, close };
}

async function webRole(config: Config, has: (role: Role) => boolean): Promise<WebRole | null> {
  const { SESSION_SECRET: sessionSecret, ACCOUNTS_KEY: accountsKey } = config;
  if (!has('web')) return null;
  if (!accountsKey || !sessionSecret) throw new Error('the configuration of the role web is incomplete');
  const accountsSealing = await symmetricSealing(await jwksOfSymmetricKey(accountsKey));
  return { sessionSecret, accountsKey, accountsSealing };
}
