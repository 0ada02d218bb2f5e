import type { Origin } from '../../audit/audit-events.js';
import type { Knex } from '../../platform/database/database.js';
import { boundTo, inLock, lockFor } from '../../platform/database/lock.js';
import type { AccountMails } from '../people/account-mails.js';
import type { ServiceBase } from '../people/account-types.js';
import { attemptStore, type Bucket } from '../passwords/attempt-store.js';
import { readEmailAddress } from '../people/email-address.js';
import { mailAddressLink } from '../people/address-proof.js';
import { closeLinksOf, mailedLink, oneTimeLinkStore, type MailedLink } from '../people/one-time-link-store.js';
import type { PasswordHasher } from '../passwords/password-hasher.js';
import type { PasswordJudge, PasswordProblem } from '../passwords/password-rules.js';
import { ownActs } from '../people/own-acts.js';
import { personStore } from '../people/person-store.js';
import { looksLikeToken } from '../people/secret-tokens.js';
import { deleteSessionsOf } from '../sessions/session-store.js';
import type { PasswordVerdict, SignInService } from '../sign-in/sign-in-service.js';
import { nameOf } from '../passwords/sign-in-throttle.js';

const HOUR_MS = 3600_000;

type Dependencies = ServiceBase & {
  hasher: PasswordHasher;
  signIn: Pick<SignInService, 'verifyPassword'>;
  mails: Pick<AccountMails, 'securityNotice' | 'link'>;
  judge: PasswordJudge;
  publicUrl: string;
};

/** A request in the person's own browser session, with their current password. */
export type OwnRequest = {
  person: { id: string; email: string; name: string };
  /** The current password, as typed. */
  current: string;
  device: string | undefined;
  origin: Origin;
};

type CurrentProblem = 'missing' | 'wrong' | { until: Date };
type PasswordChangeProblems = { current?: CurrentProblem | undefined; password?: PasswordProblem | undefined };
export type AddressChangeProblems = {
  current?: CurrentProblem | undefined;
  email?: 'missing' | 'unreadable' | 'same' | { until: Date } | undefined;
};

/**
 * `finish` makes the change; call it in the transaction that begins the browser session under its new id. False:
 * nothing changed.
 */
type PasswordChange =
  { ok: true; finish: (trx: Knex) => Promise<boolean> } | { ok: false; problems: PasswordChangeProblems };
type AddressConfirmation = 'changed' | 'proved' | 'taken' | 'spent';

type Right = Extract<PasswordVerdict, { kind: 'right' }>;

/** The typed address may be a stranger's: three mails at once, then one an hour. */
const mailsOf = (personId: string): Bucket => ({
  name: nameOf('address change', personId),
  wait: (mails) => (mails < 3 ? 0 : HOUR_MS),
});

/** How people change their own password and address. */
export function ownSignInService(deps: Dependencies) {
  const { db, transaction, world, hasher, signIn, mails, judge } = deps;
  const linksIn = (handle: Knex) => oneTimeLinkStore(handle, 'address_change');

  /** What a change of a person's own way in may use. */
  const open = (trx: Knex) => ({
    trace: ownActs(trx, world),
    people: personStore(trx),
    links: linksIn(trx),
    attempts: attemptStore(trx),
    lockPerson: (personId: string) => lockFor(trx, 'person', personId),
    isCurrent: (verdict: Right) => verdict.isCurrent(trx),
    ...boundTo(trx, {
      deleteSessionsOf,
      closeLinksOf,
      mailLink: mailAddressLink(deps),
      securityNotice: mails.securityNotice,
    }),
  });
  const inPersonLock = inLock(transaction, 'person', open);
  const inAddressLock = inLock(transaction, 'address', open);

  const missingOf = ({ current }: OwnRequest) => (current === '' ? 'missing' : undefined);

  async function verify(asked: OwnRequest): Promise<Right | { kind: 'refused'; problem: CurrentProblem }> {
    const { person, current: password, device, origin } = asked;
    const verdict = await signIn.verifyPassword({ email: person.email, password, device, origin });
    if (verdict.kind === 'wait') return { kind: 'refused', problem: { until: verdict.until } };
    if (verdict.kind === 'wrong' || verdict.person.id !== person.id) return { kind: 'refused', problem: 'wrong' };
    return verdict;
  }

  return {
    /** Also ends every browser session and every open link of the person, so that no one else keeps access. */
    async changePassword(asked: OwnRequest, password: string): Promise<PasswordChange> {
      const { person, origin } = asked;
      const problems = { current: missingOf(asked), password: await judge(person, password) } as const;
      if (problems.current ?? problems.password) return { ok: false, problems };
      const verdict = await verify(asked);
      if (verdict.kind === 'refused') return { ok: false, problems: { current: verdict.problem } };
      const passwordHash = await hasher.hash(password); // before the transaction, because hashing is slow
      return {
        ok: true,
        finish: async (trx) => {
          const unit = open(trx);
          if (!(await unit.isCurrent(verdict))) return false;
          const now = world.now();
          await unit.people.setPasswordHash(person.id, passwordHash);
          await unit.deleteSessionsOf(person.id);
          await unit.closeLinksOf(person.id, now);
          await unit.trace('person.password_changed', person.id, origin);
          await unit.securityNotice('passwordChanged', { person: verdict.person, at: now });
          return true;
        },
      };
    },

    /** The new address that waits for its link to be opened, and what became of the email with the link. */
    pendingAddress: (personId: string): Promise<MailedLink | undefined> =>
      mailedLink(db, 'address_change', personId, world.now()),

    /**
     * Mails a link to the new address, valid for 24 hours. Does not check whether another person uses the address,
     * because the answer would reveal that. The check happens when the link is opened, which proves access to the
     * mailbox.
     */
    async askForAddress(
      asked: OwnRequest,
      typed: string,
    ): Promise<{ ok: true } | { ok: false; problems: AddressChangeProblems }> {
      const { person, origin } = asked;
      const email = readEmailAddress(typed);
      const problem =
        typed.trim() === ''
          ? 'missing'
          : email === undefined
            ? 'unreadable'
            : email === person.email
              ? 'same'
              : undefined;
      const current = missingOf(asked);
      if (email === undefined || (problem ?? current)) return { ok: false, problems: { current, email: problem } };
      const verdict = await verify(asked);
      if (verdict.kind === 'refused') return { ok: false, problems: { current: verdict.problem } };
      return inPersonLock(person.id, async (unit) => {
        if (!(await unit.isCurrent(verdict))) return { ok: false, problems: { current: 'wrong' } };
        const now = world.now();
        const until = await unit.attempts.reserve(mailsOf(person.id), now);
        if (until) return { ok: false, problems: { email: { until } } };
        await unit.mailLink(verdict.person, 'newAddress', email);
        await unit.securityNotice('addressChangeAsked', { person: verdict.person, at: now });
        await unit.trace('person.address_change_asked', person.id, origin);
        return { ok: true };
      });
    },

    /** Mails another link to the address of an account that no mailed link has proved. @returns until when it waits */
    askForProof: (personId: string): Promise<Date | undefined> =>
      inPersonLock(personId, async ({ people, attempts, mailLink }) => {
        const person = await people.find(personId);
        if (!person || person.proved) return undefined;
        const until = await attempts.reserve(mailsOf(personId), world.now());
        if (until === undefined) await mailLink(person, 'proveAddress', person.email);
        return until;
      }),

    withdrawAddress: (personId: string, origin: Origin): Promise<void> =>
      inPersonLock(personId, async (unit) => {
        if ((await unit.links.close(personId, world.now())) > 0)
          await unit.trace('person.address_change_withdrawn', personId, origin);
      }),

    /** The new address of this person's own link; undefined for anyone else's. Changes nothing. */
    async addressOfLink(token: string, personId: string): Promise<string | undefined> {
      const link = looksLikeToken(token) ? await linksIn(db).find(token, world.now()) : undefined;
      return link?.personId === personId ? (link.email ?? undefined) : undefined;
    },

    /** `taken`: another person has the address by now. Only the owner of its mailbox learns that. */
    async confirmAddress(token: string, personId: string, origin: Origin): Promise<AddressConfirmation> {
      const email = await this.addressOfLink(token, personId);
      if (email === undefined) return 'spent';
      return inAddressLock(email, async (unit) => {
        await unit.lockPerson(personId);
        const now = world.now();
        const before = await unit.people.find(personId);
        if (!before || before.disabled || !(await unit.links.use(token, now))) return 'spent';
        if (email === before.email) {
          if (await unit.people.setProved(personId)) await unit.trace('person.address_proved', personId, origin);
          return 'proved';
        }
        if (!(await unit.people.setEmail(personId, email))) return 'taken';
        await unit.closeLinksOf(personId, now); // links for a new password are in the old mailbox
        await unit.trace('person.address_changed', personId, origin);
        await unit.securityNotice('addressChanged', { person: before, at: now });
        await unit.securityNotice('addressChanged', { person: before, to: email, at: now });
        return 'changed';
      });
    },
  };
}

export type OwnSignInService = ReturnType<typeof ownSignInService>;
