import { privateKeySealing } from '../../../src/platform/sealing/sealing.js';
import type { Clinic, Stage } from './disconnect-clinics.js';
import { receiptProblems } from './receipt-claims.js';
import { sessionsAt } from './sessions-at-ringcentral.js';

type CredentialRow = {
  id: string;
  status: string;
  destroyed_because: string | null;
  proved_dead_at: string | null;
};
type AuditRow = { action: string; target: string; actor_kind: string };
type DisconnectionRow = { id: string; receipt: string | null; receipt_at: string | null };
export type Found = { isDisconnected: boolean; receipt: string | null; problems: string[] };

/** The subjects of the mails about a clinic that are still to be sent, opened as the worker opens them. */
async function waitingMails({ test }: Stage, tenantId: string): Promise<string[]> {
  const { open } = await privateKeySealing(JSON.parse(test.env['SEALING_KEYS_FILE'] ?? ''));
  const rows: { id: string; kind: string; sealed: string }[] = await test
    .db('outbox')
    .where({ tenant_id: tenantId })
    .whereNull('finished_at')
    .whereNot({ sealed: '' });
  const subjects: string[] = [];
  for (const { id, kind, sealed } of rows) {
    const payload = await open(sealed, { table: 'outbox', tenantId, rowId: id, purpose: kind });
    subjects.push((JSON.parse(payload) as { subject?: string }).subject ?? '');
  }
  return subjects;
}

/** What must be so at every moment, also right after a crash. */
export async function look(stage: Stage, clinic: Clinic): Promise<Found> {
  const { db, emulator } = stage.test;
  const { tenantId, jti } = clinic;
  const problems: string[] = [];
  const of = (table: string) => db(table).where({ tenant_id: tenantId });
  const disconnections = (await of('disconnections')) as DisconnectionRow[];
  const audit = (await of('audit_events')) as AuditRow[];
  const count = (action: string, target?: string) =>
    audit.filter((one) => one.action === action && (target === undefined || one.target === target)).length;
  const [disconnection] = disconnections;
  const isDisconnected = disconnection !== undefined;
  const times = isDisconnected ? 1 : 0;
  const must = (what: string, found: number, wanted: number) => {
    if (found !== wanted) problems.push(`${found} ${what} instead of ${wanted}`);
  };

  if (disconnections.length > 1) problems.push('the clinic was disconnected twice');
  must('audit rows of the disconnection', count('connection.disconnected'), times);
  must('events of the disconnection', (await of('events').where({ type: 'connection.disconnected' })).length, times);
  must('audit rows of the receipt', count('receipt.made'), disconnection?.receipt_at == null ? 0 : 1);
  const undone = count('tenant.offboarding_undone');
  const left = (await of('offboardings')).length + undone;
  if (left > 0 && !isDisconnected) problems.push('a clinic has left and is still connected');
  must('events of the return', (await of('events').where({ type: 'tenant.restored' })).length, undone);
  if (left > 0) {
    const waiting = (await waitingMails(stage, tenantId)).map((subject) => /has ended$/.test(subject));
    const [telling, others] = [waiting.filter(Boolean).length, waiting.filter((isOfLeaving) => !isOfLeaving).length];
    if (undone > 0 && telling > 0) problems.push('a clinic that is back gets the emails that say that it has left');
    if ((undone > 0 ? others : telling) === 0) problems.push('no one is told that a clinic has left or is back');
  }
  must('audit rows of the offboarding', count('tenant.offboarded'), left);
  must('events of the offboarding', (await of('events').where({ type: 'tenant.offboarded' })).length, left);

  const isDead = () => jti !== undefined && emulator.world.credential(jti).revoked;
  const credentials = (await of('credentials')) as CredentialRow[];
  for (const { id, status, destroyed_because: because, proved_dead_at: dead } of credentials) {
    const isLiving = status === 'active' || status === 'pending';
    if (isLiving === isDisconnected) problems.push(`a credential is ${status}, disconnected: ${isDisconnected}`);
    const isDestroyed = status === 'destroyed';
    const secrets = await of('sealed_secrets').where({ row_id: id }).whereNot({ purpose: 'refresh_token' });
    must(
      `ciphertexts of a ${status} JWT`,
      jti === undefined ? 0 : secrets.length,
      jti === undefined || isDestroyed ? 0 : 1,
    );
    must(
      `audit rows of the destruction of a ${status} credential`,
      count('credential.destroyed', id),
      isDestroyed ? 1 : 0,
    );
    must(`audit rows of the end of a ${status} JWT`, count('credential.retired', id), jti === undefined ? 0 : times);
    must('audit rows of a proved death', count('credential.proved_dead', id), dead === null ? 0 : 1);
    if ((dead !== null) !== (because === 'proved_dead')) problems.push('a proved death is half written');
    if (dead !== null && !isDead()) problems.push('a JWT that works was said to be dead');
    const open = await of('check_requests').where({ credential_id: id }).whereNull('finished_at');
    if (open.length > 1) problems.push(`${open.length} open requests of one credential`);
    if (isDestroyed && open.length > 0) problems.push('a destroyed credential is still to be checked');
  }
  const serving = await of('access_tokens').whereNotNull('serves_until');
  if (isDisconnected && serving.length > 0) problems.push('a token of a disconnected clinic is still kept for jobs');
  if ((await stage.askForToken(clinic)).ok === isDisconnected)
    problems.push(isDisconnected ? 'a job got a token after the disconnection' : 'a job got no token before it');

  const receipt = disconnection?.receipt ?? null;
  const sessions = sessionsAt(emulator, clinic.ownerId);
  if (receipt !== null) problems.push(...receiptProblems(receipt, stage.keys, { credentials, isDead }, sessions));
  return { isDisconnected, receipt, problems };
}
