import type { ClinicRole } from '../../app/clinic-roles.js';
import { auditStore } from '../../audit/audit-store.js';
import { isForClinicRole } from '../../notifications/audience.js';
import { boundTo, inLock } from '../../platform/database/lock.js';
import type { TenantService } from '../../tenants/tenant-service.js';
import type { AccountMails } from '../people/account-mails.js';
import type { ServiceBase } from '../people/account-types.js';
import { peopleDirectory, type Member } from '../people/people-directory.js';
import type { By } from './invitation-service.js';
import { invitationStore } from './invitation-store.js';

type Dependencies = ServiceBase & {
  tenants: Pick<TenantService, 'findWithin' | 'removeMember' | 'setRole'>;
  mails: Pick<AccountMails, 'personRemoved' | 'roleChanged'>;
};

export type Removal = 'removed' | 'not_a_member' | 'last_owner';
export type RoleChange = 'changed' | 'unchanged' | 'not_a_member' | 'last_owner';

/** Whether no one at the clinic could invite people or give roles without this person. */
export const isLastOwner = (person: Pick<Member, 'id' | 'role'>, members: readonly Pick<Member, 'id' | 'role'>[]) =>
  person.role === 'owner' && !members.some(({ id, role }) => role === 'owner' && id !== person.id);

/** The members of a tenant. `invitationService` invites them. */
export function peopleService({ db, transaction, world, tenants, mails }: Dependencies) {
  const inTenantLock = inLock(transaction, 'tenant', (trx, tenantId) => ({
    audit: auditStore(trx, world).forTenant(tenantId),
    invitations: invitationStore(trx).forTenant(tenantId),
    members: () => peopleDirectory(trx).membersOf(tenantId),
    tenant: () => tenants.findWithin(trx, tenantId),
    removeMember: (personId: string) => tenants.removeMember(trx, tenantId, personId),
    setRole: (personId: string, role: ClinicRole) => tenants.setRole(trx, tenantId, personId, role),
    ...boundTo(trx, { personRemoved: mails.personRemoved, roleChanged: mails.roleChanged }),
  }));

  const isOwnerNow = ({ member, actor }: By, members: readonly Member[]): boolean =>
    member !== true || members.some(({ id, role }) => role === 'owner' && actor.kind === 'person' && id === actor.id);

  return {
    /** In the order in which they joined, without disabled accounts. */
    membersOf: (tenantId: string): Promise<Member[]> => peopleDirectory(db).membersOf(tenantId),

    /**
     * Ends a membership: an owner or staff another person's, everyone their own. The person loses access with their next
     * request. Also revokes open invitations to and from that person, which could let them return. Refuses to remove the
     * last owner who may sign in.
     */
    remove: (tenantId: string, personId: string, by: By): Promise<Removal> =>
      inTenantLock(tenantId, async (unit) => {
        const members = await unit.members();
        const removed = members.find(({ id }) => id === personId);
        const isSelf = by.actor.kind === 'person' && by.actor.id === personId;
        const tenant = await unit.tenant();
        if (!removed || !tenant || !(isSelf || isOwnerNow(by, members))) return 'not_a_member';
        if (isLastOwner(removed, members)) return 'last_owner';
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

    /**
     * Takes effect with the person's next request. Also revokes open invitations from a person who is an owner no
     * longer, because one of them may lead back to the role. Refuses to leave the tenant without an owner.
     */
    setRole: (tenantId: string, personId: string, role: ClinicRole, by: By): Promise<RoleChange> =>
      inTenantLock(tenantId, async (unit) => {
        const members = await unit.members();
        const person = members.find(({ id }) => id === personId);
        const tenant = await unit.tenant();
        if (!person || !tenant || !isOwnerNow(by, members)) return 'not_a_member';
        if (person.role === role) return 'unchanged';
        if (isLastOwner(person, members)) return 'last_owner';
        await unit.setRole(personId, role);
        const revoked = person.role === 'owner' ? await unit.invitations.revokeAllFrom(personId, world.now()) : 0;
        await unit.audit.append({
          action: 'member.role_changed',
          actor: by.actor,
          target: personId,
          outcome: 'ok',
          detail: { from: person.role, to: role, invitations_revoked: revoked },
          origin: by.origin,
        });
        const actorId = by.actor.kind === 'person' ? by.actor.id : null;
        // The clinic does not learn who of the staff it was.
        const owner = members.find(({ id }) => id === actorId);
        const told = { person, role, by: owner?.email ?? null, at: world.now() };
        for (const member of members)
          if (member.id === personId || (isForClinicRole('roleChanged', member.role) && member.id !== actorId))
            await unit.roleChanged(tenant, member, told);
        return 'changed';
      }),
  };
}

export type PeopleService = ReturnType<typeof peopleService>;
