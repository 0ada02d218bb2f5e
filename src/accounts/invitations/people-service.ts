import { auditStore } from '../../audit/audit-store.js';
import type { Knex, Transaction } from '../../platform/database/database.js';
import { lockFor } from '../../platform/database/lock.js';
import type { World } from '../../platform/world.js';
import type { TenantService } from '../../tenants/tenant-service.js';
import { readerIn, type AccountMails } from '../people/account-mails.js';
import type { Person } from '../people/account-types.js';
import type { By } from './invitation-service.js';
import { invitationStore } from './invitation-store.js';
import { personStore } from '../people/person-store.js';

type Dependencies = {
  db: Knex;
  transaction: Transaction;
  world: Pick<World, 'now' | 'newId'>;
  tenants: Pick<TenantService, 'find' | 'isMember' | 'membersWithin' | 'removeMember'>;
  mails: Pick<AccountMails, 'personRemoved'>;
};

export type Member = Person & { since: Date };
export type Removal = 'removed' | 'not_a_member' | 'last_member';

/** Who has access to a tenant. Inviting them is `invitationService`'s. */
export function peopleService({ db, transaction, world, tenants, mails }: Dependencies) {
  async function membersOf(tenantId: string, within: Knex = db): Promise<Member[]> {
    const memberships = await tenants.membersWithin(within, tenantId);
    const people = await personStore(within).byIds(memberships.map(({ personId }) => personId));
    return memberships.flatMap(({ personId, since }) => {
      const person = people.get(personId);
      return person ? [{ ...person, since }] : [];
    });
  }

  return {
    /** In the order in which they joined; nobody whose account is switched off. */
    membersOf: (tenantId: string): Promise<Member[]> => membersOf(tenantId),

    /**
     * Ends a membership: the next request of that person finds no such tenant. With it go the invitations to them and
     * from them that nobody has accepted, or they could come back by one. Never the last member: nobody could invite.
     */
    remove: (tenantId: string, personId: string, by: By): Promise<Removal> =>
      transaction(async (trx) => {
        await lockFor(trx, 'tenant', tenantId);
        const members = await membersOf(tenantId, trx);
        const isMember = (id: string) => members.some((member) => member.id === id);
        const removed = members.find(({ id }) => id === personId);
        const acts = by.member !== true || (by.actor.kind === 'person' && isMember(by.actor.id));
        const tenant = await tenants.find(tenantId, trx);
        if (!removed || !acts || !tenant) return 'not_a_member';
        if (members.length === 1) return 'last_member';
        const now = world.now();
        await tenants.removeMember(trx, tenantId, personId);
        await invitationStore(trx).revokeAllTo(tenantId, removed.email, now);
        const revoked = await invitationStore(trx).revokeAllFrom(tenantId, personId, now);
        await mails.personRemoved(trx, readerIn(tenant, removed), { to: removed.email, tenant });
        await auditStore(trx, world).append({
          action: 'member.removed',
          actor: by.actor,
          tenantId,
          target: personId,
          outcome: 'ok',
          detail: { invitations_revoked: revoked },
          origin: by.origin,
        });
        return 'removed';
      }),
  };
}

export type PeopleService = ReturnType<typeof peopleService>;
