import type { Advice, DoctorCheck, SecretsRole } from '../app/capability.js';
import type { Knex } from '../platform/database/database.js';
import { publicKeySealer, SealingKeyError } from '../platform/sealing/sealing.js';
import { credentialStore } from './credential-store.js';

type Options = {
  db: Knex;
  /** null in a process that opens no secrets */
  secrets: SecretsRole | null;
  /** The text of SEALING_PUBLIC_KEYS_FILE. */
  publicKeys: unknown;
};

/** Whether stored secrets can be opened, and whether new ones are sealed for the key that opens them. */
export function keyChecks({ db, secrets, publicKeys }: Options): DoctorCheck[] {
  const keys: DoctorCheck = {
    subject: 'keys',
    decidesReadiness: true,
    advice: async () => {
      if (!secrets) return { unproved: 'this process opens no stored secrets: run doctor where the role worker runs' };
      const own = secrets.opener.kids;
      const missing = (await credentialStore(db).kidsInUse()).filter((kid) => !own.includes(kid));
      if (missing.length === 0) return null;
      return `stored secrets need a key that SEALING_KEYS_FILE lacks: restore ${missing.join(' ')}`;
    },
  };
  if (publicKeys === undefined) return [keys];
  return [keys, { subject: 'public key', advice: () => publicKeyAdvice({ db, secrets, publicKeys }) }];
}

async function publicKeyAdvice({ db, secrets, publicKeys }: Options): Promise<Advice> {
  const context = { table: 'self-test', tenantId: '', rowId: '', purpose: 'doctor' };
  try {
    const { jwe, kid } = await (await publicKeySealer(publicKeys)).seal('pair', context);
    if (secrets) {
      const opened = await secrets.opener.open(jwe, context).catch(() => null);
      if (opened === 'pair') return null;
      return 'SEALING_PUBLIC_KEYS_FILE is of another pair than SEALING_KEYS_FILE: what is pasted could not be opened; use the public file that was made with the private one';
    }
    if (await credentialStore(db).hasServed(kid)) return null;
    return {
      unproved: `no JWT in use was sealed with the key ${kid}: compare it with SEALING_KEYS_FILE where the role worker runs`,
    };
  } catch (error) {
    if (error instanceof SealingKeyError) return error.message;
    throw error;
  }
}
