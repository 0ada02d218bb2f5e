import type { Origin } from '../../audit/audit-events.js';
import { auditStore } from '../../audit/audit-store.js';
import { isForClinicRole } from '../../notifications/audience.js';
import type { RecordEvent } from '../../notifications/event-store.js';
import type { Knex } from '../../platform/database/database.js';
import { lockFor } from '../../platform/database/lock.js';
import type { ClinicRole } from '../../app/clinic-roles.js';
import type { TenantService } from '../../tenants/tenant-service.js';
import type { AccountMails } from '../people/account-mails.js';
import type { Person, ServiceBase } from '../people/account-types.js';
import { invitationStore, type Invitation } from './invitation-store.js';
import type { PasswordHasher } from '../passwords/password-hasher.js';
import { judgePassword, type PasswordProblem } from '../passwords/password-rules.js';
import { mailAddressLink } from '../people/address-proof.js';
import { ownActs } from '../people/own-acts.js';
import { readPersonName } from '../people/person-name.js';
import { personStore } from '../people/person-store.js';

type Dependencies = Pick<ServiceBase, 'world'> & {
  hasher: PasswordHasher;
  tenants: Pick<TenantService, 'find' | 'findWithin' | 'addMember' | 'membersWithin'>;
  mails: Pick<AccountMails, 'personAdded' | 'link'>;
  publicUrl: string;
  /** Records an event for external programs. */
  record: RecordEvent;
  productWords: readonly string[];
};

/** `spent`: used, revoked, unknown, or the address already belongs to a member. All get the same answer. */
export type InvitationLook =
  | { kind: 'open'; invitation: Invitation; person: Person | undefined }
  | { kind: 'expired'; invitation: Invitation; person: Person | undefined }
  | { kind: 'spent' };

type Open = Extract<InvitationLook, { kind: 'open' }>;

export type NewPersonProblems = { name: 'missing' | 'too_long' | undefined; password: PasswordProblem | undefined };

/**
 * `finish` makes the change; call it in the transaction that begins the browser session. False: another request won.
 */
export type Acceptance = {
  person: Person;
  tenantId: string;
  role: ClinicRole;
  finish: (trx: Knex) => Promise<boolean>;
};

/** Accepts an open invitation: adds the member and notifies the tenant's other members. */
export function invitationAcceptance(deps: Dependencies) {
  const { world, hasher, tenants, mails, record, productWords } = deps;
  const acceptance = (
    { invitation }: Open,
    person: Person,
    origin: Origin,
    first: (trx: Knex) => Promise<boolean>,
  ): Acceptance => ({
    person,
    tenantId: invitation.tenantId,
    role: invitation.role,
    finish: async (trx) => {
      const { id, tenantId, email } = invitation;
      await lockFor(trx, 'tenant', tenantId);
      if (!(await first(trx))) return false;
      const invitations = invitationStore(trx).forTenant(tenantId);
      if (!(await invitations.consume(id, person.id, world.now()))) return false;
      // Otherwise another link to this address could add them again after they are removed.
      await invitations.revokeAllTo(email, world.now());
      if (!invitation.byHand) await personStore(trx).setProved(person.id); // the link came by mail
      await join(trx, invitation, person);
      await auditStore(trx, world)
        .forTenant(tenantId)
        .append({
          action: 'invitation.accepted',
          actor: { kind: 'person', id: person.id },
          target: id,
          outcome: 'ok',
          detail: { role: invitation.role },
          origin,
        });
      await record(trx, { type: 'invitation.accepted', tenantId, data: { invitation_id: id } });
      return true;
    },
  });

  async function join(trx: Knex, { tenantId, role }: Invitation, person: Person): Promise<void> {
    const before = new Map((await tenants.membersWithin(trx, tenantId)).map((it) => [it.personId, it.role]));
    if (before.has(person.id)) return;
    await tenants.addMember(trx, tenantId, person.id, role);
    const tenant = await tenants.findWithin(trx, tenantId);
    if (!tenant) return;
    const told = [...before].filter(([, own]) => isForClinicRole('personAdded', own)).map(([id]) => id);
    for (const member of (await personStore(trx).byIds(told)).values()) {
      const isOwner = before.get(member.id) === 'owner';
      await mails.personAdded(trx, tenant, { ...member, isOwner }, { ...person, role });
    }
  }

  return {
    /** For an address without a person: a name and a password create one. */
    async acceptAsNew(
      seen: Open,
      chosen: { name: string; password: string },
      origin: Origin,
    ): Promise<{ ok: true; acceptance: Acceptance } | { ok: false; problems: NewPersonProblems }> {
      const { email } = seen.invitation;
      const tenant = await tenants.find(seen.invitation.tenantId);
      const words = [...productWords, email, chosen.name, tenant?.name ?? ''];
      const password = judgePassword(chosen.password, words);
      const named = readPersonName(chosen.name);
      if (named.problem || password) return { ok: false, problems: { name: named.problem, password } };
      const { name } = named;

      const passwordHash = await hasher.hash(chosen.password); // before the transaction, because hashing is slow
      const person: Person = {
        id: world.newId(),
        email,
        name,
        staffRole: null,
        language: null,
        hasPassword: true,
        hasCompanyAccount: false,
        hasSecondFactor: false,
        disabled: false,
        proved: !seen.invitation.byHand,
      };
      const add = async (trx: Knex) => {
        await lockFor(trx, 'address', email);
        if (!(await personStore(trx).add({ ...person, passwordHash }, world.now()))) return false;
        await ownActs(trx, world)('person.password_set', person.id, origin);
        if (!person.proved) await mailAddressLink(deps)(trx, person, 'proveAddress', email);
        return true;
      };
      return { ok: true, acceptance: acceptance(seen, person, origin, add) };
    },

    /** For a person who has just proved that the address is theirs. */
    acceptAs: (seen: Open, person: Person, origin: Origin): Acceptance =>
      acceptance(seen, person, origin, () => Promise.resolve(true)),
  };
}
