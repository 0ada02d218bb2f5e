import type { Origin, Requester } from '../audit/audit-events.js';
import { iso, type Knex } from '../platform/database/database.js';
import { PortalError } from '../platform/errors.js';
import type { World } from '../platform/world.js';
import type { CheckOutcome, ConnectionUnit } from './connection-unit.js';
import { connectionStore } from './health/connection-store.js';
import { nextHealth } from './health/health.js';

/** More are not named. */
const MOST_OTHERS = 10;

type Deps = {
  db: Knex;
  world: Pick<World, 'now'>;
  inTenantLock: <T>(tenantId: string, work: (unit: ConnectionUnit) => Promise<T>) => Promise<T>;
  requestCheck: (tenantId: string, by: Requester, origin: Origin) => Promise<CheckOutcome>;
};

/** What staff decide about an account that waits for their approval. */
export const withheldAccounts = ({ db, world, inTenantLock, requestCheck }: Deps) => ({
  /**
   * Staff approve the account that was withheld; the kept credential is checked again immediately.
   *
   * @param accountId the account that staff saw; if a different account is withheld by now, it is not approved
   */
  async approveWithheldAccount(
    tenantId: string,
    accountId: string,
    staffId: string,
    origin: Origin,
  ): Promise<CheckOutcome> {
    await inTenantLock(tenantId, async ({ connections, save, audit, confirmed }) => {
      const connection = await connections.find();
      if (connection?.withheld?.accountId !== accountId) throw new PortalError('conflict');
      const { ownerId } = connection.withheld;
      const serves = connection.health.pending === null;
      await save({
        ...connection,
        approvedAccountId: accountId,
        approvedOwnerId: serves ? ownerId : null,
        withheld: null,
      });
      await confirmed.add(accountId, staffId, world.now());
      await audit.append({
        action: 'account.approved',
        actor: { kind: 'person', id: staffId },
        target: accountId,
        outcome: 'ok',
        origin,
      });
    });
    return requestCheck(tenantId, { personId: staffId, isStaff: true }, origin);
  },

  /**
   * Staff refuse the account that was withheld. The credential that acts in it is destroyed: a JWT that may not be
   * used has no purpose here.
   *
   * @param accountId the account that staff saw
   */
  async refuseWithheldAccount(tenantId: string, accountId: string, staffId: string, origin: Origin) {
    await inTenantLock(tenantId, async ({ connections, credentials, queue, save, audit, destroy }) => {
      const connection = await connections.find();
      if (connection?.withheld?.accountId !== accountId) throw new PortalError('conflict');
      const { health } = connection;
      const wasServing = health.pending === null;
      const living = await credentials.living(tenantId);
      const target = living.find(({ status }) => status === (wasServing ? 'active' : 'pending'));
      if (!target) throw new PortalError('conflict');
      const cause = health.pending?.cause ?? 'account_mismatch';
      const event = { kind: 'account_refused', cause, wasServing } as const;
      await save({ ...connection, health: nextHealth(health, event, iso(world.now())), withheld: null });
      await queue.finishAllOf(target.id);
      const actor = { kind: 'person', id: staffId } as const;
      await destroy(tenantId, target.id, 'refused', actor);
      await audit.append({ action: 'account.refused', actor, target: accountId, outcome: 'ok', origin });
    });
  },

  /** For staff: the other tenants that are connected to the withheld account. The clinic does not see this. */
  async othersWithWithheldAccount(tenantId: string): Promise<string[]> {
    const withheld = (await connectionStore(db).forTenant(tenantId).find())?.withheld;
    return withheld ? connectionStore(db).othersWithAccount(withheld.accountId, tenantId, MOST_OTHERS) : [];
  },
});
