import { auditStore } from '../../audit/audit-store.js';
import { boundTo, inLock } from '../../platform/database/lock.js';
import type { TenantService } from '../../tenants/tenant-service.js';
import type { AccountMails } from '../people/account-mails.js';
import type { ServiceBase } from '../people/account-types.js';
import { peopleDirectory, type Member } from '../people/people-directory.js';
import type { By } from './invitation-service.js';
import { invitationStore } from './invitation-store.js';

type Dependencies = ServiceBase & {
  tenants: Pick<TenantService, 'findWithin' | 'removeMember'>;
  mails: Pick<AccountMails, 'personRemoved'>;
};

export type Removal = 'removed' | 'not_a_member' | 'last_member';

/** The members of a tenant. `invitationService` invites them. */
export function peopleService({ db, transaction, world, tenants, mails }: Dependencies) {
  const inTenantLock = inLock(transaction, 'tenant', (trx, tenantId) => ({
    audit: auditStore(trx, world).forTenant(tenantId),
    invitations: invitationStore(trx).forTenant(tenantId),
    members: () => peopleDirectory(trx).membersOf(tenantId),
    tenant: () => tenants.findWithin(trx, tenantId),
    removeMember: (personId: string) => tenants.removeMember(trx, tenantId, personId),
    ...boundTo(trx, { personRemoved: mails.personRemoved }),
  }));

  return {
    /** In the order in which they joined, without disabled accounts. */
    membersOf: (tenantId: string): Promise<Member[]> => peopleDirectory(db).membersOf(tenantId),

    /**
     * Ends a membership. The person loses access with their next request. Also revokes open invitations to and from
     * that person, which could let them return. Refuses to remove the last member, because no one could invite others
     * then.
     */
    remove: (tenantId: string, personId: string, by: By): Promise<Removal> =>
      inTenantLock(tenantId, async (unit) => {
        const members = await unit.members();
        const isMember = (id: string) => members.some((member) => member.id === id);
        const removed = members.find(({ id }) => id === personId);
        const acts = by.member !== true || (by.actor.kind === 'person' && isMember(by.actor.id));
        const tenant = await unit.tenant();
        if (!removed || !acts || !tenant) return 'not_a_member';
        if (members.length === 1) return 'last_member';
        const now = world.now();
        await unit.removeMember(personId);
        await unit.invitations.revokeAllTo(removed.email, now);
        const revoked = await unit.invitations.revokeAllFrom(personId, now);
        await unit.personRemoved(tenant, removed);
        await unit.audit.append({
          action: 'member.removed',
          actor: by.actor,
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
