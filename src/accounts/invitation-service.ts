import type { Actor, AuditAction, Origin } from '../audit/audit-events.js';
import { auditStore } from '../audit/audit-store.js';
import { takeTurn, type Knex, type Transaction } from '../platform/database.js';
import type { World } from '../platform/world.js';
import type { TenantService } from '../tenants/tenant-service.js';
import type { Person } from './account-types.js';
import { readerIn, type AccountMails, type Reader } from './account-mails.js';
import { readEmailAddress } from './email-address.js';
import { invitationStore, type Invitation } from './invitation-store.js';
import type { PasswordHasher } from './password-hasher.js';
import { judgePassword, type PasswordProblem } from './password-rules.js';
import { personStore } from './person-store.js';
import { looksLikeToken, newToken } from './secret-tokens.js';
import { LONGEST_PERSON_NAME } from './staff-service.js';

const DAY_MS = 24 * 3600_000;
const LIFETIME_MS = 7 * DAY_MS;
const RENEWALS_A_DAY = 3;

type Dependencies = {
  db: Knex;
  transaction: Transaction;
  world: World;
  hasher: PasswordHasher;
  tenants: Pick<TenantService, 'find' | 'findForMember' | 'addMember'>;
  mails: Pick<AccountMails, 'invitation'>;
  publicUrl: string;
  productWords: readonly string[];
};

export type Invited =
  | { ok: true; id: string; url: string; expiresAt: Date }
  | { ok: false; problem: 'email_unreadable' | 'tenant_unknown' | 'already_member' };

/** `spent`: used, revoked, unknown, or its address belongs to a member already. One answer for all. */
export type InvitationLook =
  | { kind: 'open'; invitation: Invitation; person: Person | undefined }
  | { kind: 'expired'; invitation: Invitation }
  | { kind: 'spent' };

export type NewPersonProblems = { name?: 'missing' | 'too_long'; password?: PasswordProblem };

/** `finish` is the change; call it in the transaction that begins the session. False: somebody was quicker. */
export type Acceptance = { person: Person; tenantId: string; finish: (trx: Knex) => Promise<boolean> };

export function invitationService(deps: Dependencies) {
  const { db, transaction, world, hasher, tenants, mails, publicUrl, productWords } = deps;

  const trace = (trx: Knex, action: AuditAction, invitation: Invitation, actor: Actor, origin?: Origin) =>
    auditStore(trx, world).append({
      action,
      actor,
      tenantId: invitation.tenantId,
      target: invitation.id,
      outcome: 'ok',
      origin,
    });

  /** Writes the invitation, its mail and its trace in one transaction; nothing where `unless` holds there. */
  async function send(
    to: { tenantId: string; reader: Reader; email: string; invitedBy: string | null },
    by: { actor: Actor; origin?: Origin | undefined; renewalOf: string | null },
    unless: (trx: Knex) => Promise<boolean> = () => Promise.resolve(false),
  ): Promise<{ id: string; url: string; expiresAt: Date }> {
    const { tenantId, email, invitedBy } = to;
    const token = newToken(world);
    const createdAt = world.now();
    const expiresAt = new Date(createdAt.getTime() + LIFETIME_MS);
    const invitation = { id: world.newId(), tenantId, email, invitedBy, createdAt, expiresAt };
    const url = new URL(`/invitations/${token}`, publicUrl).href;
    await transaction(async (trx) => {
      if (await unless(trx)) return;
      await invitationStore(trx).add({ ...invitation, token, renewalOf: by.renewalOf });
      await mails.invitation(trx, to.reader, { to: email, url, expiresAt, tenantId });
      const stored = { ...invitation, acceptedAt: null, revokedAt: null };
      await trace(trx, 'invitation.created', stored, by.actor, by.origin);
    });
    return { id: invitation.id, url, expiresAt };
  }

  function acceptance(
    { invitation }: { invitation: Invitation },
    person: Person,
    origin: Origin,
    first: (trx: Knex) => Promise<boolean>,
  ): Acceptance {
    return {
      person,
      tenantId: invitation.tenantId,
      finish: async (trx) => {
        if (!(await first(trx))) return false;
        if (!(await invitationStore(trx).consume(invitation.id, person.id, world.now()))) return false;
        await tenants.addMember(trx, invitation.tenantId, person.id);
        await trace(trx, 'invitation.accepted', invitation, { kind: 'person', id: person.id }, origin);
        return true;
      },
    };
  }

  return {
    /** Mails a link that is good once, within 7 days, for this address and tenant. */
    async invite(asked: {
      tenantId: string;
      email: string;
      /** The person who asks; null where a program does. */
      invitedBy: string | null;
      origin?: Origin | undefined;
    }): Promise<Invited> {
      const email = readEmailAddress(asked.email);
      if (email === undefined) return { ok: false, problem: 'email_unreadable' };
      const tenant = await tenants.find(asked.tenantId);
      if (!tenant) return { ok: false, problem: 'tenant_unknown' };
      const person = await personStore(db).findByEmail(email);
      if (person && (await tenants.findForMember(tenant.id, person.id)))
        return { ok: false, problem: 'already_member' };
      const actor: Actor = asked.invitedBy === null ? { kind: 'portal' } : { kind: 'person', id: asked.invitedBy };
      const to = { tenantId: tenant.id, reader: readerIn(tenant, person), email, invitedBy: asked.invitedBy };
      return { ok: true, ...(await send(to, { actor, origin: asked.origin, renewalOf: null })) };
    },

    /** @returns false when this tenant has no such open invitation */
    revoke: (tenantId: string, id: string, actor: Actor, origin?: Origin): Promise<boolean> =>
      transaction(async (trx) => {
        if (!(await invitationStore(trx).revoke(tenantId, id, world.now()))) return false;
        const event = { action: 'invitation.revoked', actor, tenantId, target: id, outcome: 'ok', origin } as const;
        await auditStore(trx, world).append(event);
        return true;
      }),

    ofTenant: (tenantId: string): Promise<Invitation[]> => invitationStore(db).ofTenant(tenantId, 50),

    /** What a link is good for; changes nothing, so mail scanners may follow it. */
    async look(token: string): Promise<InvitationLook> {
      if (!looksLikeToken(token)) return { kind: 'spent' };
      const invitation = await invitationStore(db).findByToken(token);
      if (!invitation || invitation.acceptedAt || invitation.revokedAt) return { kind: 'spent' };
      const found = await personStore(db).findByEmail(invitation.email);
      if (found?.disabled) return { kind: 'spent' };
      if (found && (await tenants.findForMember(invitation.tenantId, found.id))) return { kind: 'spent' };
      if (invitation.expiresAt <= world.now()) {
        // Else the link of a week before would bring back what staff have taken back.
        const { tenantId, email, createdAt } = invitation;
        const takenBack = await invitationStore(db).wasRevokedSince(tenantId, email, createdAt);
        return takenBack ? { kind: 'spent' } : { kind: 'expired', invitation };
      }
      return { kind: 'open', invitation, person: found };
    },

    /** Mails a fresh link in place of an expired one, to the same address; three a day, then silently none. */
    async renew(token: string, origin: Origin): Promise<void> {
      const seen = await this.look(token);
      if (seen.kind !== 'expired') return;
      const { invitation } = seen;
      const dayAgo = new Date(world.now().getTime() - DAY_MS);
      const { tenantId, email, invitedBy } = invitation;
      const tenant = await tenants.find(tenantId);
      const person = await personStore(db).findByEmail(email);
      const to = { tenantId, reader: readerIn(tenant, person), email, invitedBy };
      const enough = async (trx: Knex) => {
        await takeTurn(trx, 'tenant', tenantId);
        return (await invitationStore(trx).renewalsSince(tenantId, email, dayAgo, RENEWALS_A_DAY)) >= RENEWALS_A_DAY;
      };
      await send(to, { actor: { kind: 'nobody' }, origin, renewalOf: invitation.id }, enough);
    },

    /** Somebody whose address has no person yet: a name and a password make one. */
    async acceptAsNew(
      seen: Extract<InvitationLook, { kind: 'open' }>,
      chosen: { name: string; password: string },
      origin: Origin,
    ): Promise<{ ok: true; acceptance: Acceptance } | { ok: false; problems: NewPersonProblems }> {
      const { email } = seen.invitation;
      const name = chosen.name.trim();
      const problems: NewPersonProblems = {};
      if (name === '' || /\p{Cc}/u.test(name)) problems.name = 'missing';
      else if (name.length > LONGEST_PERSON_NAME) problems.name = 'too_long';
      const tenant = await tenants.find(seen.invitation.tenantId);
      const words = [...productWords, email, name, tenant?.name ?? ''];
      const problem = judgePassword(chosen.password, words);
      if (problem) problems.password = problem;
      if (Object.keys(problems).length > 0) return { ok: false, problems };

      const passwordHash = await hasher.hash(chosen.password); // before the transaction: it takes a while
      const person: Person = {
        id: world.newId(),
        email,
        name,
        staffRole: null,
        language: null,
        hasPassword: true,
        hasSecondFactor: false,
        disabled: false,
      };
      const add = async (trx: Knex) => {
        await takeTurn(trx, 'address', email);
        if (!(await personStore(trx).add({ id: person.id, email, name, passwordHash }, world.now()))) return false;
        await auditStore(trx, world).append({
          action: 'person.password_set',
          actor: { kind: 'person', id: person.id },
          target: person.id,
          outcome: 'ok',
          origin,
        });
        return true;
      };
      return { ok: true, acceptance: acceptance(seen, person, origin, add) };
    },

    /** Somebody who has just proved to be the person of that address. */
    acceptAs: (seen: Extract<InvitationLook, { kind: 'open' }>, person: Person, origin: Origin): Acceptance =>
      acceptance(seen, person, origin, () => Promise.resolve(true)),
  };
}

export type InvitationService = ReturnType<typeof invitationService>;
