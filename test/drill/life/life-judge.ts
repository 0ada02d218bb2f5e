import { createHash } from 'node:crypto';
import type { Emulator } from '../../../src/emulator/emulator.js';
import { isPostgres, type Knex } from '../../../src/platform/database/database.js';
import type { NoteKey } from '../../../src/platform/signed-notes/signed-note.js';
import { valuesOf } from '../../../src/receipts/receipt-format.js';
import { receiptProblems } from '../disconnect/receipt-claims.js';
import { sessionsAt } from '../disconnect/sessions-at-ringcentral.js';

/** A clinic, its user at RingCentral, and the JWTs that it gave. */
export type LifeClinic = { tenantId: string; ownerId: string; jtis: string[] };
type CredentialRow = { id: string; status: string; fingerprint: string; proved_dead_at: string | null };

/**
 * What must be so at every moment: the clinics that have not disconnected have exactly one credential in use, the others
 * have none, and a credential has its ciphertext until it is destroyed.
 */
export async function atThisMoment(db: Knex, clinics: readonly LifeClinic[]): Promise<string[]> {
  // One moment: by default each statement on PostgreSQL sees what was committed before it.
  const snapshot = isPostgres(db) ? { isolationLevel: 'repeatable read' as const } : {};
  const rows = await db.transaction(
    async (trx) => ({
      active: await trx('credentials').where({ status: 'active' }).pluck<string[]>('tenant_id'),
      gone: await trx('disconnections').pluck<string[]>('tenant_id'),
      left: await trx('offboardings').pluck<string[]>('tenant_id'),
      bare: await trx('credentials')
        .whereNot({ status: 'destroyed' })
        .whereNotExists(trx('sealed_secrets').whereRaw('sealed_secrets.row_id = credentials.id'))
        .pluck<string[]>('status'),
    }),
    snapshot,
  );
  const problems = rows.bare.map((status) => `a ${status} JWT has no ciphertext`);
  if (rows.left.some((id) => !rows.gone.includes(id))) problems.push('a clinic has left and is still connected');
  for (const { tenantId } of clinics) {
    const count = rows.active.filter((id) => id === tenantId).length;
    const wanted = rows.gone.includes(tenantId) ? 0 : 1;
    if (count !== wanted) problems.push(`${count} credentials in use instead of ${wanted}`);
  }
  return problems;
}

/** What is wrong with a clinic when nothing is open any more. */
export async function judgeClinic(
  db: Knex,
  emulator: Emulator,
  keys: readonly NoteKey[],
  clinic: LifeClinic,
): Promise<string[]> {
  const problems: string[] = [];
  const { tenantId, ownerId, jtis } = clinic;
  const of = (table: string) => db(table).where({ tenant_id: tenantId });
  const audit = (await of('audit_events')) as { action: string; target: string }[];
  const must = (what: string, found: number, wanted: number) => {
    if (found !== wanted) problems.push(`${found} ${what} instead of ${wanted}`);
  };
  const count = (action: string, target?: string) =>
    audit.filter((one) => one.action === action && (target === undefined || one.target === target)).length;
  const isDead = (fingerprint: string) =>
    jtis.some((jti) => {
      const { revoked } = emulator.world.credential(jti);
      return revoked && createHash('sha256').update(emulator.jwtOf(jti)).digest('hex') === fingerprint;
    });
  const credentials = (await of('credentials')) as CredentialRow[];
  for (const { id, status, fingerprint, proved_dead_at: dead } of credentials) {
    const isDestroyed = status === 'destroyed';
    must(
      `ciphertexts of a ${status} JWT`,
      (await of('sealed_secrets').where({ row_id: id })).length,
      isDestroyed ? 0 : 1,
    );
    must(`audit rows of the destruction of a ${status} JWT`, count('credential.destroyed', id), isDestroyed ? 1 : 0);
    must('audit rows of a proved death', count('credential.proved_dead', id), dead === null ? 0 : 1);
    if (count('credential.retired', id) > 1) problems.push('a JWT was retired twice');
    if (dead !== null && !isDead(fingerprint)) problems.push('a JWT that works was said to be dead');
  }
  const found = (await of('disconnections')) as { receipt: string | null }[];
  must('audit rows of the disconnection', count('connection.disconnected'), found.length);
  must(
    'events of the disconnection',
    (await of('events').where({ type: 'connection.disconnected' })).length,
    found.length,
  );
  must('audit rows of a receipt', count('receipt.made'), found.length);
  if (found.length > 1) problems.push('a clinic was disconnected twice');
  const left = (await of('offboardings')).length;
  must('audit rows of the offboarding', count('tenant.offboarded'), left);
  must('events of the offboarding', (await of('events').where({ type: 'tenant.offboarded' })).length, left);
  must('people of a clinic that has left', left > 0 ? (await of('memberships')).length : 0, 0);
  const replaced = (await of('events').where({ type: 'connection.replaced' })).length;
  if (replaced > 1) problems.push(`${replaced} events of one replacement`);
  for (const { receipt } of found) {
    const facts = { credentials, isDead: ({ fingerprint }: CredentialRow) => isDead(fingerprint) };
    const sessions = sessionsAt(emulator, ownerId);
    const [madeAt = ''] = valuesOf(receipt ?? '', 'made-at');
    if (receipt !== null && sessions.lastEndedAt > Date.parse(madeAt))
      problems.push('a receipt was made before a session was ended');
    problems.push(...(receipt === null ? ['there is no receipt'] : receiptProblems(receipt, keys, facts, sessions)));
  }
  return problems;
}
