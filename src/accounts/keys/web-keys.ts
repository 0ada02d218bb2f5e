import { hkdfSync } from 'node:crypto';
import type { WebRole } from '../../app/capability.js';
import { auditStore } from '../../audit/audit-store.js';
import type { Knex, Transaction } from '../../platform/database/database.js';
import { inLock } from '../../platform/database/lock.js';
import type { World } from '../../platform/world.js';
import { personStore } from '../people/person-store.js';
import { recoveryCodeStore } from '../second-factor/recovery-code-store.js';
import { deleteAllSessions, deleteSessionsOf } from '../sessions/session-store.js';
import { keyCheckStore, type KeyName } from './key-check-store.js';

type Dependencies = { db: Knex; transaction: Transaction; world: Pick<World, 'now' | 'newId'> };

export const keyNames: readonly KeyName[] = ['ACCOUNTS_KEY', 'SESSION_SECRET'];

/** What to store of a key, to recognize it: derived (RFC 5869) and cut to 72 bits, so it does not reveal the key. */
const checkValueOf = (name: KeyName, key: Buffer | string): string =>
  Buffer.from(hkdfSync('sha256', key, '', `latchkey key check ${name}`, 9)).toString('base64url');

const forgetting = (name: KeyName) => `run "latchkey keys forget --name ${name}"`;
const wrongKey: Record<KeyName, string> = {
  ACCOUNTS_KEY: `is not a key of this installation: add the former key after it, with a comma between them; if that key is lost, ${forgetting('ACCOUNTS_KEY')}`,
  SESSION_SECRET: `is not a secret of this installation: add the former one after it, with a comma between them; to sign all people out instead, ${forgetting('SESSION_SECRET')}`,
};

const inWords = (people: number): string => (people === 1 ? '1 person' : `${people} people`);
/** Enough of a key's id to recognize it. */
const shortened = (kid: string): string => kid.slice(0, 8);

/** The keys that only the role `web` has: whether they are those of this installation. */
export function webKeys(
  { db, transaction, world }: Dependencies,
  { sessionSecrets, accountsKeys, accountsSealing }: WebRole,
) {
  const { kids } = accountsSealing;
  const values: Record<KeyName, string[]> = {
    ACCOUNTS_KEY: accountsKeys.map((key) => checkValueOf('ACCOUNTS_KEY', key)),
    SESSION_SECRET: sessionSecrets.map((secret) => checkValueOf('SESSION_SECRET', secret)),
  };
  const inKeyLock = inLock(transaction, 'key checks', (trx, name) => ({
    checks: keyCheckStore(trx),
    people: personStore(trx),
    codes: recoveryCodeStore(trx),
    deleteSessionsOf: (personId: string) => deleteSessionsOf(trx, personId),
    deleteAllSessions: () => deleteAllSessions(trx),
    audit: (people: number) =>
      auditStore(trx, world).append({
        action: 'key.forgotten',
        actor: { kind: 'command_line' },
        target: name,
        outcome: 'ok',
        detail: { people },
      }),
  }));

  /** How many people need each key, for their second factor or their recovery codes; `besides` leaves keys out. */
  async function peopleByKey(besides: readonly string[] = []): Promise<Map<string, number>> {
    const factors = await personStore(db).totpKeys(besides);
    const codes = await recoveryCodeStore(db).keys(besides);
    const people = new Map<string, Set<string>>();
    for (const { kid, personId } of [...factors, ...codes])
      people.set(kid, (people.get(kid) ?? new Set()).add(personId));
    return new Map([...people].sort().map(([kid, ids]) => [kid, ids.size]));
  }

  async function problemWith(name: KeyName): Promise<string | null> {
    const known = await keyCheckStore(db).known(name);
    if (known.length > 0 && !values[name].some((value) => known.includes(value))) return wrongKey[name];
    if (name === 'SESSION_SECRET') return null;
    const missing = await peopleByKey(kids);
    if (missing.size === 0) return null;
    const lacks = [...missing]
      .map(([kid, people]) => `${shortened(kid)}, which ${inWords(people)} ${people === 1 ? 'needs' : 'need'}`)
      .join(', and ');
    return `lacks the key ${lacks}: add it, with a comma between the keys; if it is lost, ${forgetting(name)}`;
  }

  return {
    /** @returns what to do, or null if the keys are right */
    problemWith,

    /** For `latchkey doctor`: how many people need each key. Only a key without people can be removed. */
    async peopleByKey(): Promise<string> {
      const people = await peopleByKey();
      return kids.map((kid) => `key ${shortened(kid)}: ${inWords(people.get(kid) ?? 0)}`).join(', ');
    },

    /** Writes down the keys of a process that starts, so that the next start recognizes them. */
    async remember(): Promise<void> {
      for (const name of keyNames) await keyCheckStore(db).add(name, values[name], world.now());
    },

    /**
     * Accepts the configured keys instead of the former ones, which are lost or must not be used any longer. Removes
     * what needs the former ones: second factors and recovery codes, or all browser sessions.
     *
     * @returns how many people lose their second factor
     */
    forget: (name: KeyName): Promise<number> =>
      inKeyLock(name, async (unit) => {
        const { checks, people, codes } = unit;
        const affected = name === 'ACCOUNTS_KEY' ? await people.totpKeys(kids) : [];
        for (const { personId } of affected) {
          await people.removeTotp(personId);
          await codes.deleteAllOf(personId);
          await unit.deleteSessionsOf(personId);
        }
        if (name === 'ACCOUNTS_KEY') await codes.deleteOfOther(kids);
        else await unit.deleteAllSessions();
        await checks.forget(name);
        await checks.add(name, values[name], world.now());
        await unit.audit(affected.length);
        return affected.length;
      }),
  };
}
