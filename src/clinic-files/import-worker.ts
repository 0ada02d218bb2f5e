import { auditStore } from '../audit/audit-store.js';
import type { InvitationService } from '../accounts/invitations/invitation-service.js';
import { isUnavailable, type Knex, type Transaction } from '../platform/database/database.js';
import { inLock, inTransaction, lockFor } from '../platform/database/lock.js';
import { PortalError } from '../platform/errors.js';
import type { Logger } from '../platform/log.js';
import type { World } from '../platform/world.js';
import type { TenantService } from '../tenants/tenant-service.js';
import type { CreatedTenant, Tenant } from '../tenants/tenant-types.js';
import { importStore } from './import-store.js';
import type { ClinicImport, ImportLine, LineProblem, LineResult } from './import-types.js';

type Dependencies = {
  db: Knex;
  transaction: Transaction;
  world: Pick<World, 'now' | 'newId'>;
  log: Logger;
  tenants: Pick<TenantService, 'create' | 'change' | 'findByRef' | 'findWithin' | 'membersWithin'>;
  inviteWithin: InvitationService['inviteWithin'];
  invitationsPerMinute: number;
};

const LINES_AT_ONCE = 50;
const LEASE_MS = 60_000;
const MINUTE_MS = 60_000;

/** `problems`: why the line is refused; an empty list if it is done. */
type Applied = { problems: readonly LineProblem[]; tenantId: string | null };
const done: Applied = { problems: [], tenantId: null };

/** Another worker has done the line: the transaction that would do it again is rolled back. */
class DoneElsewhere extends Error {}

/** Applies the lines of imports, one transaction for each clinic, and invites at a pace. */
export function importWorker(deps: Dependencies) {
  const { db, transaction, world, log, tenants, inviteWithin, invitationsPerMinute } = deps;
  const workerId = world.newId();
  const inUnit = inTransaction(transaction, (trx) => ({ imports: importStore(trx), audit: auditStore(trx, world) }));
  const inTenantLock = inLock(transaction, 'tenant', (trx, tenantId) => ({
    imports: importStore(trx),
    tenant: () => tenants.findWithin(trx, tenantId),
    hasMembers: async () => (await tenants.membersWithin(trx, tenantId)).length > 0,
    invite: (email: string, by: Parameters<typeof inviteWithin>[2]) =>
      inviteWithin(trx, { tenantId, email, role: 'owner' }, by),
    paceLock: () => lockFor(trx, 'clinic_imports', 'pace'),
  }));

  async function apply(file: ClinicImport, line: ImportLine): Promise<Applied> {
    const { external_ref: externalRef, name, language, time_zone: timeZone, environment } = line.values;
    const reading = { language: language || undefined, timeZone: timeZone || undefined };
    const marking = (resultOf: (tenant: Tenant) => LineResult) => async (trx: Knex, tenant: Tenant) => {
      if (!(await importStore(trx).done(line, resultOf(tenant), tenant.id))) throw new DoneElsewhere();
    };
    let before = await tenants.findByRef(externalRef);
    if (!before) {
      const asked = { externalRef, name, environment: environment || undefined, ...reading };
      const created = await tenants.create(
        asked,
        file.actor,
        undefined,
        marking(() => 'created'),
      );
      if (!created.ok && isTaken(created)) before = await tenants.findByRef(externalRef); // someone was faster
      if (!before) return created.ok ? done : { problems: problemsOf(created), tenantId: null };
    }
    const { id } = before;
    const was = before;
    if (environment !== '' && environment !== was.environment)
      return { problems: [{ column: 'environment', code: 'environment_fixed' }], tenantId: id };
    const resultOf = (now: Tenant): LineResult =>
      now.name === was.name && now.language === was.language && now.timeZone === was.timeZone ? 'unchanged' : 'changed';
    const changed = await tenants.change(id, { name, ...reading }, file.actor, undefined, marking(resultOf));
    return changed.ok ? done : { problems: problemsOf(changed), tenantId: id };
  }

  async function applyOrRefuse(file: ClinicImport, line: ImportLine): Promise<void> {
    try {
      const { problems, tenantId } = await apply(file, line);
      if (problems.length > 0) await importStore(db).refuse(line, problems, tenantId);
    } catch (err) {
      if (err instanceof DoneElsewhere) return;
      if (isUnavailable(err)) throw err; // the next round tries it again
      const hasLeft = err instanceof PortalError && err.code === 'not_found';
      if (!hasLeft) log.error({ err, importId: file.id, line: line.line }, 'a line of an import failed');
      await importStore(db).refuse(line, [hasLeft ? left : { column: null, code: 'failed' }], null);
    }
  }

  /** @returns whether there may be more to do at once */
  async function applySome(): Promise<boolean> {
    const now = world.now();
    const file = await importStore(db).claim(workerId, now, new Date(now.getTime() + LEASE_MS));
    if (!file) return false;
    const lines = await importStore(db).waiting(file.id, LINES_AT_ONCE);
    for (const line of lines) await applyOrRefuse(file, line);
    if (lines.length === LINES_AT_ONCE) return true;
    await inUnit(async ({ imports, audit }) => {
      const { created, changed, unchanged, refused, waiting } = await imports.counts(file.id);
      if (waiting > 0 || !(await imports.move(file.id, ['running'], 'finished', { endedAt: world.now() }))) return;
      const detail = { created, changed, unchanged, refused };
      const actor = { kind: 'portal' } as const;
      await audit.append({ action: 'import.finished', actor, target: file.id, outcome: 'ok', detail });
    });
    return true; // another import may wait
  }

  /** Writes the invitation and what became of it in one transaction. @returns false if the pace allows no more now */
  const invite = (line: ImportLine, tenantId: string, by: Parameters<typeof inviteWithin>[2]): Promise<boolean> =>
    inTenantLock(tenantId, async (unit) => {
      const now = world.now();
      const settle = (to: 'sent' | 'not_needed' | 'refused') => unit.imports.settleInvitation(line.id, to, now);
      if (!(await unit.tenant()) || (await unit.hasMembers())) {
        await settle('not_needed');
        return true;
      }
      await unit.paceLock();
      if ((await unit.imports.invitedSince(new Date(now.getTime() - MINUTE_MS))) >= invitationsPerMinute) return false;
      if (!(await settle('sent'))) return true; // another worker has sent it
      const sent = await unit.invite(line.values.admin_email, by);
      if (!sent.ok) await unit.imports.unsend(line.id, isNotNeeded(sent.problem) ? 'not_needed' : 'refused');
      return true;
    });

  async function inviteSome(): Promise<boolean> {
    const lines = await importStore(db).toInvite(LINES_AT_ONCE);
    const actors = new Map<string, ClinicImport['actor']>();
    for (const line of lines) {
      const actor = actors.get(line.importId) ?? (await importStore(db).find(line.importId))?.actor;
      if (!actor || line.tenantId === null) continue;
      actors.set(line.importId, actor);
      if (!(await invite(line, line.tenantId, { actor }))) return false;
    }
    return lines.length === LINES_AT_ONCE;
  }

  return { applySome, inviteSome };
}

const left: LineProblem = { column: 'external_ref', code: 'left' };
const isNotNeeded = (problem: string) => ['already_member', 'already_invited', 'tenant_unknown'].includes(problem);

type Refused = Extract<CreatedTenant, { ok: false }>;
const isTaken = ({ problems }: Refused) => problems.some(({ code }) => code === 'duplicate');

/** The row was in order when it was checked: what is refused now, such as the name of a clinic that has left. */
const problemsOf = (refused: Refused): LineProblem[] =>
  isTaken(refused) ? [left] : [{ column: null, code: 'failed' }];
