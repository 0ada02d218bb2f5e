import type { Actor, AuditEvent, Origin } from '../../audit/audit-events.js';
import { auditStore } from '../../audit/audit-store.js';
import type { RecordEvent } from '../../notifications/event-store.js';
import type { Knex, Transaction } from '../../platform/database/database.js';
import { lockFor } from '../../platform/database/lock.js';
import type { World } from '../../platform/world.js';
import type { TenantService } from '../../tenants/tenant-service.js';
import type { Tenant } from '../../tenants/tenant-types.js';
import { readerIn, type AccountMails } from '../people/account-mails.js';
import type { Person } from '../people/account-types.js';
import { readEmailAddress } from '../people/email-address.js';
import { invitationAcceptance, type InvitationLook } from './invitation-acceptance.js';
import { invitationStore, type Invitation } from './invitation-store.js';
import type { PasswordHasher } from '../passwords/password-hasher.js';
import { personStore } from '../people/person-store.js';
import { FIRST_REMINDER_MS, mailLinks } from './invitation-reminders.js';
import { looksLikeToken } from '../people/secret-tokens.js';

const DAY_MS = 24 * 3600_000;
const LIFETIME_MS = 7 * DAY_MS;
/** Fresh links a day that expired ones may bring, for each address of a tenant. */
const RENEWALS_A_DAY = 3;
/** What people may send in 24 hours: in all, and to one address. A portal that mails for others mails with measure. */
export const INVITATIONS_A_DAY = 20;
export const INVITATIONS_A_DAY_TO_ONE = 3;
const MOST_SHOWN = 50;

type Dependencies = {
  db: Knex;
  transaction: Transaction;
  world: World;
  hasher: PasswordHasher;
  tenants: Pick<TenantService, 'find' | 'isMember' | 'addMember' | 'membersWithin'>;
  mails: Pick<AccountMails, 'invitation' | 'personAdded'>;
  record: RecordEvent;
  publicUrl: string;
  productWords: readonly string[];
};

export type InviteProblem =
  | { problem: 'email_unreadable' | 'tenant_unknown' | 'already_member' | 'already_invited' }
  /** The tenant has sent too many, or too many to this address; from `until` on it may again. */
  | { problem: 'too_many' | 'too_many_to_one'; until: Date };
export type Invited = { ok: true; id: string; url: string; expiresAt: Date } | ({ ok: false } & InviteProblem);

/** Who acts. `member`: only while they still belong to the tenant, which is judged in the very transaction. */
export type By = { actor: Actor; member?: boolean; origin?: Origin | undefined };

const personOf = ({ actor }: By): string | null => (actor.kind === 'person' ? actor.id : null);

export function invitationService(deps: Dependencies) {
  const { db, transaction, world, tenants, mails, publicUrl } = deps;
  const acceptance = invitationAcceptance(deps);

  const trace = (
    trx: Knex,
    { actor, origin }: By,
    event: Pick<AuditEvent, 'action' | 'tenantId' | 'target' | 'detail'> & { outcome?: 'refused' },
  ) => auditStore(trx, world).append({ outcome: 'ok', ...event, actor, origin });

  const mayAct = async (trx: Knex, tenantId: string, by: By): Promise<boolean> => {
    const id = personOf(by);
    return by.member !== true || (id !== null && (await tenants.isMember(trx, tenantId, id)));
  };

  /** Writes the invitation, its mail and its trace. */
  async function send(
    trx: Knex,
    to: { tenant: Tenant; email: string; person: Person | undefined; invitedBy: string | null },
    by: By,
    renewalOf: string | null,
  ): Promise<Invited> {
    const { tenant, email, person, invitedBy } = to;
    const createdAt = world.now();
    const expiresAt = new Date(createdAt.getTime() + LIFETIME_MS);
    const id = world.newId();
    const links = mailLinks(world, publicUrl);
    const invitation = { id, tenantId: tenant.id, email, invitedBy, createdAt, expiresAt };
    const remindAt = new Date(createdAt.getTime() + FIRST_REMINDER_MS);
    await invitationStore(trx).add({ ...invitation, ...links, renewalOf, remindAt });
    await mails.invitation(trx, readerIn(tenant, person), { ...links, to: email, expiresAt, tenantId: tenant.id });
    await trace(trx, by, { action: 'invitation.created', tenantId: tenant.id, target: id });
    return { ok: true, id, url: links.url, expiresAt };
  }

  async function limited(trx: Knex, tenantId: string, email: string, by: By): Promise<Invited | undefined> {
    const dayAgo = new Date(world.now().getTime() - DAY_MS);
    const until = async (most: number, to?: string): Promise<Date | undefined> => {
      const oldest = (await invitationStore(trx).askedSince(tenantId, dayAgo, most, to))[most - 1];
      return oldest && new Date(oldest.getTime() + DAY_MS);
    };
    const toOne = await until(INVITATIONS_A_DAY_TO_ONE, email);
    const end = toOne ?? (await until(INVITATIONS_A_DAY));
    if (!end) return undefined;
    const problem = toOne ? 'too_many_to_one' : 'too_many';
    const event = { action: 'invitation.created', tenantId, outcome: 'refused' } as const;
    await trace(trx, by, { ...event, detail: { reason: problem } });
    return { ok: false, problem, until: end };
  }

  /** What an invitation and one that is sent again have in common, in the tenant's lock. */
  async function ask(trx: Knex, tenant: Tenant, email: string, by: By): Promise<Invited> {
    const person = await personStore(trx).findByEmail(email);
    if (person && (await tenants.isMember(trx, tenant.id, person.id))) return { ok: false, problem: 'already_member' };
    if (await invitationStore(trx).hasOpen(tenant.id, email, world.now()))
      return { ok: false, problem: 'already_invited' };
    const refused = await limited(trx, tenant.id, email, by);
    return refused ?? send(trx, { tenant, email, person, invitedBy: personOf(by) }, by, null);
  }

  /** What a link is good for; changes nothing, so mail scanners may follow it. */
  async function look(token: string, handle: Knex = db): Promise<InvitationLook> {
    if (!looksLikeToken(token)) return { kind: 'spent' };
    const invitation = await invitationStore(handle).findByToken(token);
    if (!invitation || invitation.acceptedAt || invitation.revokedAt) return { kind: 'spent' };
    const person = await personStore(handle).findByEmail(invitation.email);
    if (person?.disabled) return { kind: 'spent' };
    if (person && (await tenants.isMember(handle, invitation.tenantId, person.id))) return { kind: 'spent' };
    return invitation.expiresAt <= world.now()
      ? { kind: 'expired', invitation, person }
      : { kind: 'open', invitation, person };
  }

  return {
    ...acceptance,
    look,

    /** Mails a link that is good once, within 7 days, for this address and tenant. */
    async invite(asked: {
      tenantId: string;
      email: string;
      /** The person who asks; null where a program does. */
      invitedBy: string | null;
      /** They ask as a member of that tenant, not as staff. */
      byMember?: boolean;
      origin?: Origin | undefined;
    }): Promise<Invited> {
      const { tenantId, invitedBy, byMember: member = false, origin } = asked;
      const email = readEmailAddress(asked.email);
      if (email === undefined) return { ok: false, problem: 'email_unreadable' };
      const tenant = await tenants.find(tenantId);
      if (!tenant) return { ok: false, problem: 'tenant_unknown' };
      const actor: Actor = invitedBy === null ? { kind: 'portal' } : { kind: 'person', id: invitedBy };
      return transaction(async (trx) => {
        await lockFor(trx, 'tenant', tenantId);
        if (!(await mayAct(trx, tenantId, { actor, member }))) return { ok: false, problem: 'tenant_unknown' };
        return ask(trx, tenant, email, { actor, member, origin });
      });
    },

    /**
     * Mails a new link to the address of an invitation nobody has accepted; every earlier link to it stops working.
     *
     * @returns undefined when this tenant has no such invitation
     */
    async sendAnew(tenantId: string, id: string, by: By): Promise<Invited | undefined> {
      const tenant = await tenants.find(tenantId);
      if (!tenant) return undefined;
      return transaction(async (trx) => {
        await lockFor(trx, 'tenant', tenantId);
        const old = await invitationStore(trx).find(tenantId, id);
        if (!old || old.acceptedAt || old.revokedAt || !(await mayAct(trx, tenantId, by))) return undefined;
        const refused = await limited(trx, tenantId, old.email, by);
        if (refused) return refused; // and what was sent before goes on working
        await invitationStore(trx).revokeAllTo(tenantId, old.email, world.now());
        await trace(trx, by, { action: 'invitation.revoked', tenantId, target: id });
        return ask(trx, tenant, old.email, by);
      });
    },

    /**
     * Takes back an invitation nobody has accepted, and every other one to its address: whoever revokes means the person.
     *
     * @returns false when this tenant has no such invitation
     */
    revoke: (tenantId: string, id: string, by: By): Promise<boolean> =>
      transaction(async (trx) => {
        await lockFor(trx, 'tenant', tenantId);
        const found = await invitationStore(trx).find(tenantId, id);
        if (!found || found.acceptedAt || found.revokedAt || !(await mayAct(trx, tenantId, by))) return false;
        await invitationStore(trx).revokeAllTo(tenantId, found.email, world.now());
        await trace(trx, by, { action: 'invitation.revoked', tenantId, target: id });
        return true;
      }),

    ofTenant: (tenantId: string): Promise<Invitation[]> => invitationStore(db).ofTenant(tenantId, MOST_SHOWN),

    /** One for each address that was invited and has not joined: the newest, which may have expired. */
    async waiting(tenantId: string): Promise<Invitation[]> {
      const found = await invitationStore(db).waiting(tenantId, MOST_SHOWN);
      return found.filter(({ email }, index) => found.findIndex((other) => other.email === email) === index);
    },

    /**
     * Mails a fresh link in place of an expired one, to the same address.
     *
     * @returns what the link was good for; `expired` also where three a day were sent and so none was
     */
    renew: (token: string, origin: Origin): Promise<InvitationLook['kind']> =>
      transaction(async (trx) => {
        const before = await look(token, trx);
        if (before.kind !== 'expired') return before.kind;
        const { tenantId } = before.invitation;
        await lockFor(trx, 'tenant', tenantId);
        const seen = await look(token, trx); // it may have been revoked while we waited
        if (seen.kind !== 'expired') return seen.kind;
        const { id, email, invitedBy } = seen.invitation;
        const dayAgo = new Date(world.now().getTime() - DAY_MS);
        const sent = await invitationStore(trx).renewalsSince(tenantId, email, dayAgo, RENEWALS_A_DAY);
        const tenant = sent < RENEWALS_A_DAY ? await tenants.find(tenantId, trx) : undefined;
        const to = { email, person: seen.person, invitedBy };
        if (tenant) await send(trx, { tenant, ...to }, { actor: { kind: 'nobody' }, origin }, id);
        return seen.kind;
      }),
  };
}

export type InvitationService = ReturnType<typeof invitationService>;
