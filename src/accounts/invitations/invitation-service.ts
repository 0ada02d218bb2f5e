import type { Actor, AuditEvent, Origin } from '../../audit/audit-events.js';
import { auditStore } from '../../audit/audit-store.js';
import type { RecordEvent } from '../../notifications/event-store.js';
import type { Knex } from '../../platform/database/database.js';
import { boundTo, inLock } from '../../platform/database/lock.js';
import { messagesAbout, type MessageState } from '../../platform/outbox.js';
import type { ClinicRole } from '../../app/clinic-roles.js';
import type { TenantService } from '../../tenants/tenant-service.js';
import type { Tenant } from '../../tenants/tenant-types.js';
import { readerIn, type AccountMails } from '../people/account-mails.js';
import type { Person, ServiceBase } from '../people/account-types.js';
import { readEmailAddress } from '../people/email-address.js';
import { invitationAcceptance, type InvitationLook } from './invitation-acceptance.js';
import { invitationStore, type Invitation } from './invitation-store.js';
import type { PasswordHasher } from '../passwords/password-hasher.js';
import { personStore } from '../people/person-store.js';
import { FIRST_REMINDER_MS, mailLinks } from './invitation-reminders.js';
import { looksLikeToken } from '../people/secret-tokens.js';

const DAY_MS = 24 * 3600_000;
const LIFETIME_MS = 7 * DAY_MS;
/** How many new links a day expired ones can trigger for each address of a tenant. */
const RENEWALS_A_DAY = 3;
/**
 * How many invitations a tenant may send in 24 hours: in total, and to one address. The limits prevent mail abuse.
 */
const INVITATIONS_A_DAY = 20;
const INVITATIONS_A_DAY_TO_ONE = 3;
const MOST_SHOWN = 50;

type Dependencies = ServiceBase & {
  hasher: PasswordHasher;
  tenants: Pick<TenantService, 'find' | 'findWithin' | 'isMember' | 'mayAs' | 'addMember' | 'membersWithin'>;
  mails: Pick<AccountMails, 'invitation' | 'personAdded' | 'link'>;
  record: RecordEvent;
  publicUrl: string;
  productWords: readonly string[];
};

export type InviteProblem =
  | { problem: 'email_unreadable' | 'tenant_unknown' | 'already_member' | 'already_invited' }
  /** The tenant has sent too many, or too many to this address; it may send again from `until` on. */
  | { problem: 'too_many' | 'too_many_to_one'; until: Date };
/** `mail` is undefined if the outbox remembers none. */
export type MailedInvitation = Invitation & { mail: MessageState | undefined };

export type Invited = { ok: true; id: string; url: string; expiresAt: Date } | ({ ok: false } & InviteProblem);

/** The actor. `member`: valid only while they are an owner of the tenant, which is checked in the same transaction. */
export type By = { actor: Actor; member?: boolean; origin?: Origin | undefined };

const personOf = ({ actor }: By): string | null => (actor.kind === 'person' ? actor.id : null);

export function invitationService(deps: Dependencies) {
  const { db, transaction, world, tenants, mails, publicUrl } = deps;
  const acceptance = invitationAcceptance(deps);

  /** What a change of a tenant's invitations may use. */
  const open = (trx: Knex, tenantId: string) => ({
    audit: auditStore(trx, world).forTenant(tenantId),
    invitations: invitationStore(trx).forTenant(tenantId),
    people: personStore(trx),
    mails: boundTo(trx, { invitation: mails.invitation }),
    tenant: () => tenants.findWithin(trx, tenantId),
    isMember: (personId: string) => tenants.isMember(trx, tenantId, personId),
    isOwner: (personId: string) => tenants.mayAs(trx, 'owner', tenantId, personId),
    look: (token: string) => lookIn(trx, token),
  });
  type Unit = ReturnType<typeof open>;
  const inTenantLock = inLock(transaction, 'tenant', open);

  const trace = (
    { audit }: Unit,
    { actor, origin }: By,
    event: Pick<AuditEvent, 'action' | 'target' | 'detail'> & { outcome?: 'refused' },
  ) => audit.append({ outcome: 'ok', ...event, actor, origin });

  const mayAct = async ({ isOwner }: Unit, by: By): Promise<boolean> => {
    const id = personOf(by);
    return by.member !== true || (id !== null && (await isOwner(id)));
  };

  /** Writes the invitation, its mail and its audit row. */
  async function send(
    unit: Unit,
    to: { tenant: Tenant; email: string; role: ClinicRole; person: Person | undefined; invitedBy: string | null },
    by: By,
    { renewalOf = null, byHand = false }: { renewalOf?: string | null; byHand?: boolean },
  ): Promise<Invited> {
    const { tenant, email, role, person, invitedBy } = to;
    const createdAt = world.now();
    const expiresAt = new Date(createdAt.getTime() + LIFETIME_MS);
    const id = world.newId();
    const links = mailLinks(world, publicUrl);
    const remindAt = byHand ? null : new Date(createdAt.getTime() + FIRST_REMINDER_MS);
    const added = { id, email, role, invitedBy, createdAt, expiresAt, renewalOf, remindAt, byHand };
    await unit.invitations.add({ ...added, ...links });
    if (!byHand)
      await unit.mails.invitation(readerIn(tenant, person), {
        ...links,
        id,
        to: email,
        expiresAt,
        tenantId: tenant.id,
        role,
        by: invitedBy === null ? undefined : await unit.people.find(invitedBy),
      });
    await trace(unit, by, { action: 'invitation.created', target: id, detail: byHand ? { role, byHand } : { role } });
    return { ok: true, id, url: links.url, expiresAt };
  }

  async function limited(unit: Unit, email: string, by: By): Promise<Invited | undefined> {
    const dayAgo = new Date(world.now().getTime() - DAY_MS);
    const until = async (most: number, to?: string): Promise<Date | undefined> => {
      const oldest = (await unit.invitations.askedSince(dayAgo, most, to))[most - 1];
      return oldest && new Date(oldest.getTime() + DAY_MS);
    };
    const toOne = await until(INVITATIONS_A_DAY_TO_ONE, email);
    const end = toOne ?? (await until(INVITATIONS_A_DAY));
    if (!end) return undefined;
    const problem = toOne ? 'too_many_to_one' : 'too_many';
    await trace(unit, by, { action: 'invitation.created', outcome: 'refused', detail: { reason: problem } });
    return { ok: false, problem, until: end };
  }

  /** What an invitation and one that is sent again have in common. */
  async function ask(
    unit: Unit,
    to: { tenant: Tenant; email: string; role: ClinicRole },
    by: By,
    byHand: boolean,
  ): Promise<Invited> {
    const { email } = to;
    const person = await unit.people.findByEmail(email);
    if (person && (await unit.isMember(person.id))) return { ok: false, problem: 'already_member' };
    if (await unit.invitations.hasOpen(email, world.now())) return { ok: false, problem: 'already_invited' };
    const refused = await limited(unit, email, by);
    return refused ?? send(unit, { ...to, person, invitedBy: personOf(by) }, by, { byHand });
  }

  async function lookIn(handle: Knex, token: string): Promise<InvitationLook> {
    if (!looksLikeToken(token)) return { kind: 'spent' };
    const invitation = await invitationStore(handle).findByLink('token_hash', token);
    if (!invitation || invitation.acceptedAt || invitation.revokedAt) return { kind: 'spent' };
    const person = await personStore(handle).findByEmail(invitation.email);
    if (person?.disabled) return { kind: 'spent' };
    if (person && (await tenants.isMember(handle, invitation.tenantId, person.id))) return { kind: 'spent' };
    return invitation.expiresAt <= world.now()
      ? { kind: 'expired', invitation, person }
      : { kind: 'open', invitation, person };
  }

  /** Checks a link without changing anything, so mail scanners may open it. */
  const look = (token: string): Promise<InvitationLook> => lookIn(db, token);

  /** With what became of the newest email about each. */
  async function withMails(tenantId: string, found: Invitation[]): Promise<MailedInvitation[]> {
    const states = await messagesAbout(
      db,
      tenantId,
      found.map(({ id }) => id),
    );
    return found.map((invitation) => ({ ...invitation, mail: states.get(invitation.id) }));
  }

  return {
    ...acceptance,
    look,

    /** Makes a link that works once, within 7 days, for this address and tenant, and mails it. */
    async invite(asked: {
      tenantId: string;
      email: string;
      /** What the person may do there. Default: `owner`, as programs invite. */
      role?: ClinicRole;
      /** The person who invites; null for a program. */
      invitedBy: string | null;
      /** The API key of the program. */
      keyId?: string;
      /** Whether the person acts as a member of the tenant, not as staff. */
      byMember?: boolean;
      /** Whether the link is not mailed: the person hands it over. */
      byHand?: boolean;
      origin?: Origin | undefined;
    }): Promise<Invited> {
      const { tenantId, role = 'owner', invitedBy, keyId, byMember: member = false, byHand = false, origin } = asked;
      const email = readEmailAddress(asked.email);
      if (email === undefined) return { ok: false, problem: 'email_unreadable' };
      const program: Actor = keyId === undefined ? { kind: 'portal' } : { kind: 'api_key', id: keyId };
      const actor: Actor = invitedBy === null ? program : { kind: 'person', id: invitedBy };
      return inTenantLock(tenantId, async (unit) => {
        const tenant = await unit.tenant();
        if (!tenant || !(await mayAct(unit, { actor, member }))) return { ok: false, problem: 'tenant_unknown' };
        return ask(unit, { tenant, email, role }, { actor, member, origin }, byHand);
      });
    },

    /** The same in the transaction of another change, which holds the tenant's lock; not for members. */
    async inviteWithin(trx: Knex, to: { tenantId: string; email: string; role: ClinicRole }, by: By): Promise<Invited> {
      const unit = open(trx, to.tenantId);
      const [tenant, email] = [await unit.tenant(), readEmailAddress(to.email)];
      if (email === undefined) return { ok: false, problem: 'email_unreadable' };
      if (!tenant) return { ok: false, problem: 'tenant_unknown' };
      return ask(unit, { tenant, email, role: to.role }, by, false);
    },

    /**
     * Mails a new link to the address of an invitation that has not been accepted. Every earlier link to it stops
     * working.
     *
     * @returns undefined if this tenant has no such invitation
     */
    async sendAgain(tenantId: string, id: string, by: By, byHand = false): Promise<Invited | undefined> {
      return inTenantLock(tenantId, async (unit) => {
        const [tenant, old] = [await unit.tenant(), await unit.invitations.find(id)];
        if (!tenant || !old || old.acceptedAt || old.revokedAt || !(await mayAct(unit, by))) return undefined;
        const refused = await limited(unit, old.email, by);
        if (refused) return refused; // earlier links keep working
        await unit.invitations.revokeAllTo(old.email, world.now());
        await trace(unit, by, { action: 'invitation.revoked', target: id });
        return ask(unit, { tenant, email: old.email, role: old.role }, by, byHand);
      });
    },

    /**
     * Revokes an invitation that has not been accepted, and every other open one to its address, because the intent
     * is to exclude the person.
     *
     * @returns false if this tenant has no such invitation
     */
    revoke: (tenantId: string, id: string, by: By): Promise<boolean> =>
      inTenantLock(tenantId, async (unit) => {
        const found = await unit.invitations.find(id);
        if (!found || found.acceptedAt || found.revokedAt || !(await mayAct(unit, by))) return false;
        await unit.invitations.revokeAllTo(found.email, world.now());
        await trace(unit, by, { action: 'invitation.revoked', target: id });
        return true;
      }),

    /** Of the clinics whose invitations have had no answer since then, in the order of the store. */
    /** Of each tenant, when it was first invited and first accepted; a keyset page by tenant. */
    firstOfTenants: (limit: number, after?: string) => invitationStore(db).firstOfTenants(limit, after),
    unanswered: (...given: Parameters<Unanswereds>): ReturnType<Unanswereds> =>
      invitationStore(db).unanswered(...given),

    ofTenant: async (tenantId: string): Promise<MailedInvitation[]> =>
      withMails(tenantId, await invitationStore(db).forTenant(tenantId).newest('all', MOST_SHOWN)),

    /** The newest invitation of each address that has not joined; it may have expired. */
    async waiting(tenantId: string): Promise<MailedInvitation[]> {
      const found = await invitationStore(db).forTenant(tenantId).newest('waiting', MOST_SHOWN);
      return withMails(
        tenantId,
        found.filter(({ email }, index) => found.findIndex((other) => other.email === email) === index),
      );
    },

    /**
     * Mails a new link to the same address in place of an expired one.
     *
     * @returns the state of the old link; also `expired` if three were sent that day and no more are sent
     */
    async renew(token: string, origin: Origin): Promise<InvitationLook['kind']> {
      const before = await look(token);
      if (before.kind !== 'expired') return before.kind;
      return inTenantLock(before.invitation.tenantId, async (unit) => {
        const seen = await unit.look(token); // it may have been revoked while we waited
        if (seen.kind !== 'expired') return seen.kind;
        const { id, email, role, invitedBy } = seen.invitation;
        const dayAgo = new Date(world.now().getTime() - DAY_MS);
        const sent = await unit.invitations.renewalsSince(email, dayAgo, RENEWALS_A_DAY);
        const tenant = sent < RENEWALS_A_DAY ? await unit.tenant() : undefined;
        const to = { email, role, person: seen.person, invitedBy };
        if (tenant) await send(unit, { tenant, ...to }, { actor: { kind: 'nobody' }, origin }, { renewalOf: id });
        return seen.kind;
      });
    },
  };
}

type Unanswereds = ReturnType<typeof invitationStore>['unanswered'];
export type InvitationService = ReturnType<typeof invitationService>;
