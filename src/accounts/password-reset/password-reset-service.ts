import { z } from 'zod';
import type { Actor, Origin } from '../../audit/audit-events.js';
import { auditStore } from '../../audit/audit-store.js';
import { networkOf } from '../../platform/addresses.js';
import type { Knex } from '../../platform/database/database.js';
import { boundTo, inLock, inTransaction } from '../../platform/database/lock.js';
import type { Delivery, EnqueueMessage, OutboxItem } from '../../platform/outbox.js';
import type { TenantService } from '../../tenants/tenant-service.js';
import { attemptStore, type Bucket } from '../passwords/attempt-store.js';
import type { PasswordHasher } from '../passwords/password-hasher.js';
import type { PasswordJudge, PasswordProblem } from '../passwords/password-rules.js';
import { nameOf, type SignInThrottle } from '../passwords/sign-in-throttle.js';
import type { AccountMails } from '../people/account-mails.js';
import type { Person, ServiceBase } from '../people/account-types.js';
import { readEmailAddress } from '../people/email-address.js';
import {
  closeLinksOf,
  oneTimeLinkStore,
  mailedLink,
  ownerOfLink,
  type MailedLink,
} from '../people/one-time-link-store.js';
import { ownActs } from '../people/own-acts.js';
import { personStore } from '../people/person-store.js';
import { newToken } from '../people/secret-tokens.js';
import { deleteSessionsOf } from '../sessions/session-store.js';

const RESET_LIFETIME_MS = 3600_000;
/** The outbox kind of a reset request for an address. */
export const RESET_ASKED = 'password_reset_asked';
const request = z.strictObject({ email: z.string(), ip: z.string().optional(), requestId: z.string().optional() });

type Dependencies = ServiceBase & {
  hasher: PasswordHasher;
  tenants: Pick<TenantService, 'findForMember'>;
  enqueue: EnqueueMessage;
  mails: Pick<AccountMails, 'securityNotice' | 'link'>;
  judge: PasswordJudge;
  throttle: Pick<SignInThrottle, 'passwordRenewed'>;
  publicUrl: string;
};

export type Asked =
  { kind: 'asked' } | { kind: 'refused'; problem: 'missing' | 'unreadable' } | { kind: 'wait'; until: Date };
export type Reset = { kind: 'done' } | { kind: 'refused'; problem: PasswordProblem } | { kind: 'spent' };

/**
 * Three mails at once, then one an hour. The block lasts no longer than a link, so a stranger who keeps requesting
 * links for an address cannot lock its owner out: the last link in their mailbox works until the block ends.
 */
const ofAddress = (email: string): Bucket => ({
  name: nameOf('password reset', email),
  wait: (mails) => (mails < 3 ? 0 : RESET_LIFETIME_MS),
});
/** The people of a clinic share one IP address; a network never waits longer than 15 minutes. */
const ofNetwork = (ip: string | undefined): Bucket => ({
  name: nameOf('password reset network', networkOf(ip)),
  wait: (asked) => (asked < 20 ? 0 : Math.min(15_000 * 2 ** Math.min(asked - 20, 6), 900_000)),
});

/** Sets a new password through a mailed link: single use, valid for one hour. The second factor stays unchanged. */
export function passwordResetService(deps: Dependencies) {
  const { db, transaction, world, hasher, tenants, enqueue, mails, judge, throttle, publicUrl } = deps;
  /** What a reset may use. */
  const open = (trx: Knex) => ({
    audit: auditStore(trx, world),
    trace: ownActs(trx, world),
    people: personStore(trx),
    links: oneTimeLinkStore(trx, 'password_reset'),
    attempts: attemptStore(trx),
    ...boundTo(trx, {
      enqueue,
      deleteSessionsOf,
      closeLinksOf,
      passwordRenewed: throttle.passwordRenewed,
      mailReset: mails.link,
      securityNotice: mails.securityNotice,
    }),
  });
  const inUnit = inTransaction(transaction, open);
  const inPersonLock = inLock(transaction, 'person', open);

  /** @returns false, without writing anything, if the person cannot sign in anyway */
  async function mailLink(
    { links, mailReset, audit }: ReturnType<typeof open>,
    person: Person,
    by: { actor: Actor; tenantId?: string; origin: Origin },
  ): Promise<boolean> {
    if (person.disabled || !person.hasPassword) return false; // people who never set a password have another kind of link
    const now = world.now();
    const token = newToken(world);
    const expiresAt = new Date(now.getTime() + RESET_LIFETIME_MS);
    const id = world.newId();
    await links.replace({ id, token, personId: person.id, expiresAt }, now);
    const url = new URL(`/password-resets/${token}`, publicUrl).href;
    await mailReset('passwordReset', person, { id, url, expiresAt, byStaff: by.actor.kind === 'person' });
    await audit.append({ action: 'person.password_reset_mailed', target: person.id, outcome: 'ok', ...by });
    return true;
  }

  return {
    /** Writes the same rows whether or not the address has a person; the worker looks that up. */
    async ask(typed: string, origin: Origin): Promise<Asked> {
      if (typed.trim() === '') return { kind: 'refused', problem: 'missing' };
      const email = readEmailAddress(typed);
      if (email === undefined) return { kind: 'refused', problem: 'unreadable' };
      return inUnit(async ({ attempts, audit, enqueue }): Promise<Asked> => {
        const now = world.now();
        const until = await attempts.reserve(ofNetwork(origin.ip), now);
        if (until) return { kind: 'wait', until };
        const enough = (await attempts.reserve(ofAddress(email), now)) !== undefined;
        const payload: z.infer<typeof request> = { email, ip: origin.ip, requestId: origin.requestId };
        if (!enough) await enqueue({ kind: RESET_ASKED, tenantId: null, payload });
        await audit.append({
          action: 'person.password_reset_asked',
          actor: { kind: 'nobody' }, // no target: an unknown address is not recorded
          outcome: enough ? 'refused' : 'ok',
          origin,
        });
        return { kind: 'asked' };
      });
    },

    /**
     * The worker's part of a request. The worker looks up whether the address has a person, so that neither the
     * content nor the timing of the answer can reveal it. A second delivery mails a second link, and the newer link
     * works.
     */
    deliver: async (item: OutboxItem): Promise<Delivery> => {
      const parsed = request.safeParse(item.payload);
      if (!parsed.success) return { kind: 'gave_up', error: 'request_unreadable' };
      const { email, ...origin } = parsed.data;
      const found = await personStore(db).findByEmail(email);
      if (found)
        await inPersonLock(found.id, async (unit) => {
          const person = await unit.people.find(found.id);
          if (person?.email === email) await mailLink(unit, person, { actor: { kind: 'nobody' }, origin });
        });
      return { kind: 'delivered' };
    },

    /**
     * Mails the link to a member of the tenant at the request of staff, who never see it. @returns false if there is
     * no such member
     */
    async startForMember(tenantId: string, memberId: string, staffId: string, origin: Origin): Promise<boolean> {
      if (!(await tenants.findForMember(tenantId, memberId))) return false;
      return inPersonLock(memberId, async (unit) => {
        const person = await unit.people.find(memberId);
        const by = { actor: { kind: 'person', id: staffId }, tenantId, origin } as const;
        return person !== undefined && (await mailLink(unit, person, by));
      });
    },

    /** The person's open link, without its token, and what became of its email. */
    openLinkOf: (personId: string): Promise<MailedLink | undefined> =>
      mailedLink(db, 'password_reset', personId, world.now()),

    /** The person whose link this is; changes nothing, so mail scanners may open it. */
    personOfLink: (token: string): Promise<Person | undefined> => ownerOfLink(db, 'password_reset', token, world.now()),

    /**
     * Sets the password and ends every browser session and every other link of the person, so that no one else keeps
     * access. Does not sign the person in, so the second factor is still required.
     */
    async reset(token: string, password: string, origin: Origin): Promise<Reset> {
      const person = await this.personOfLink(token);
      if (!person) return { kind: 'spent' };
      const problem = await judge(person, password);
      if (problem) return { kind: 'refused', problem };
      const passwordHash = await hasher.hash(password); // before the transaction, because hashing is slow
      const done = await inPersonLock(person.id, async (unit) => {
        const now = world.now();
        if (!(await unit.links.use(token, now))) return false;
        await unit.people.setPasswordHash(person.id, passwordHash);
        await unit.people.setProved(person.id); // the link came by mail
        await unit.deleteSessionsOf(person.id);
        await unit.closeLinksOf(person.id, now);
        await unit.attempts.forget(ofAddress(person.email).name);
        await unit.passwordRenewed(person.id);
        await unit.trace('person.password_reset', person.id, origin);
        await unit.securityNotice('passwordReset', { person, at: now });
        return true;
      });
      return { kind: done ? 'done' : 'spent' };
    },
  };
}

export type PasswordResetService = ReturnType<typeof passwordResetService>;
