import type { Knex } from '../../../src/platform/database/database.js';
import { judge, type Submission } from './kill-drill-judge.js';
import { aDatabase, addCredentialRow, addTenantRow } from '../../support/credential-rows.js';
import { isPostgres } from '../../support/database/databases.js';

const at = '2026-11-21T09:00:00.000Z';
const health = { serving: { state: 'working' }, pending: null };

/** A tenant with one accepted paste, and all the rows this creates. */
async function aConnectedTenant(db: Knex): Promise<void> {
  await addTenantRow(db, 'north');
  await addCredentialRow(db, 'north', 'c1', 'active');
  const credential = { tenant_id: 'north', credential_id: 'c1' };
  const request = { trigger: 'schedule', lane: 'background', requested_at: at, due_at: at };
  await db('check_requests').insert({ id: 'r1', ...credential, ...request });
  const check = { trigger: 'submission', verdict: 'accepted', warnings: '[]', detail: '{}' };
  await db('checks').insert({ id: 'k1', ...credential, ...check, started_at: at, finished_at: at });
  await db('connections').insert({ tenant_id: 'north', health: JSON.stringify(health), account_id: '501' });
  for (const action of ['credential.submitted', 'credential.judged'])
    await db('audit_events').insert({
      ...{
        id: action,
        at,
        actor_kind: 'portal',
        tenant_id: 'north',
        action,
        target: 'c1',
        outcome: 'ok',
        detail: '{}',
      },
    });
}

const paste: Submission = { tenantId: 'north', fingerprint: 'fingerprint-c1', fate: 'activated', acknowledged: true };
/** The database refuses to delete a row of the audit, so its trigger goes first. */
const withoutAct = async (db: Knex, id: string) => {
  await db.raw(isPostgres ? 'alter table audit_events disable trigger user' : 'drop trigger audit_no_delete');
  await db('audit_events').where({ id }).delete();
};
const damages: [what: string, says: RegExp, damage: (db: Knex) => Promise<unknown>][] = [
  ['a ciphertext is gone', /0 ciphertexts instead of 1/, (db) => db('sealed_secrets').delete()],
  ['no check is due', /0 open check requests/, (db) => db('check_requests').update({ finished_at: at })],
  ['the verdict has no trace', /0 traces of a verdict/, (db) => withoutAct(db, 'credential.judged')],
  ['the submission has no trace', /0 traces of its submission/, (db) => withoutAct(db, 'credential.submitted')],
  ['the verdict is gone', /has no verdict/, (db) => db('checks').delete()],
  ['the verdict is not RingCentral’s', /should be activated is pending/, (db) => db('credentials').update({ status: 'pending' })],
  ['the connection says something else', /serving none where it is working/, (db) => db('connections').update({ health: JSON.stringify({ ...health, serving: { state: 'none' } }) })],
  ['no account is pinned', /pinned false where it is true/, (db) => db('connections').update({ account_id: null })],
  ['a destroyed one keeps its ciphertext', /1 ciphertexts instead of 0/, (db) => db('credentials').update({ status: 'destroyed' })],
  ['an acknowledged JWT is missing', /an acknowledged JWT is lost/, (db) => db('credentials').update({ fingerprint: 'another' })],
]; // prettier-ignore

describe('the judge of the kill drill', () => {
  let db: Knex;
  beforeEach(async () => {
    db = await aDatabase();
    await aConnectedTenant(db);
  });
  afterEach(() => db.destroy());

  it('reports no problem for complete rows', async () => {
    expect(await judge(db, [paste])).toEqual([]);
  });

  it.each(damages)('detects: %s', async (_what, says, damage) => {
    await damage(db);
    expect(await judge(db, [paste])).toContainEqual(expect.stringMatching(says));
  });
});
