import type { RequestHandler } from 'express';
import type { RecordEvent } from '../notifications/event-store.js';
import { transactionOn, type Knex, type Transaction } from '../platform/database/database.js';
import { csrfProtection } from '../platform/http/csrf.js';
import type { Brand } from '../platform/http/locals.js';
import type { Access, Mount } from '../platform/http/mount.js';
import type { PageLanguage } from '../platform/http/page-language.js';
import type { Delivery, EnqueueMessage, OutboxItem } from '../platform/outbox.js';
import { jwksOfSymmetricKey, symmetricSealing } from '../platform/sealing/sealing.js';
import type { World } from '../platform/world.js';
import { requireMember } from '../tenants/membership-guard.js';
import type { TenantService } from '../tenants/tenant-service.js';
import type { TextsIn } from '../texts/texts.js';
import { pathToEnrol, requireFreshProof, requireSignedIn, requireStaff } from './sessions/access-guards.js';
import { accountMails, REMINDER } from './people/account-mails.js';
import { accountRoutes } from './own-account/account-routes.js';
import type { Person, StaffRole } from './people/account-types.js';
import { attemptStore } from './passwords/attempt-store.js';
import { browserSessions } from './sessions/browser-sessions.js';
import { codeAttempts } from './passwords/code-attempts.js';
import { cookiesFor } from './sessions/cookies.js';
import { deviceStore } from './sessions/device-store.js';
import { invitationReminders, reminderOptOut } from './invitations/invitation-reminders.js';
import { invitationService } from './invitations/invitation-service.js';
import { invitationStore } from './invitations/invitation-store.js';
import { invitationRoutes, setupRoutes } from './invitations/link-routes.js';
import { languageOfPerson, languageRoutes } from './sign-in/language-routes.js';
import { deleteExpiredLinks } from './people/one-time-link-store.js';
import { ownSignInService } from './own-account/own-sign-in-service.js';
import { passwordHasher, type Argon2Parameters } from './passwords/password-hasher.js';
import { passwordResetMailer, RESET_ASKED } from './password-reset/password-reset-mailer.js';
import { askForResetRoutes, passwordResetRoutes } from './password-reset/password-reset-routes.js';
import { passwordResetService } from './password-reset/password-reset-service.js';
import { passwordJudge } from './passwords/password-rules.js';
import { peopleRoutes } from './invitations/people-routes.js';
import { peopleService } from './invitations/people-service.js';
import { personStore } from './people/person-store.js';
import { oneClickRoutes, reminderRoutes } from './invitations/reminder-routes.js';
import { memberSignInService } from './own-account/member-sign-in-service.js';
import { ownSecondFactorRoutes } from './own-account/own-second-factor-routes.js';
import { recoveryCodeService } from './second-factor/recovery-code-service.js';
import { secondFactorRoutes } from './sign-in/second-factor-routes.js';
import { secondFactorService } from './second-factor/second-factor-service.js';
import { sessionRoutes } from './own-account/session-routes.js';
import { sessionService } from './sessions/session-service.js';
import { deleteEndedSessions } from './sessions/session-store.js';
import { passwordAgainRoutes, signInRoutes, signOutRoutes } from './sign-in/sign-in-routes.js';
import { signInService } from './sign-in/sign-in-service.js';
import { signInThrottle } from './passwords/sign-in-throttle.js';
import { signingIn } from './sign-in/signing-in.js';
import { staffService } from './invitations/staff-service.js';
import { tenantChooserRoutes } from './sign-in/tenant-chooser-routes.js';

export type AccountsDependencies = {
  db: Knex;
  transaction: Transaction;
  world: World;
  config: {
    publicUrl: string;
    sessionSecret: string;
    /** 32 bytes: seals second-factor secrets. */
    accountsKey: Buffer;
    argon2?: Argon2Parameters;
  };
  brand: Brand;
  tenants: TenantService;
  enqueue: EnqueueMessage;
  /** Tells programs outside of what happened. */
  record: RecordEvent;
  /** Whether a tenant's people land on the connection, not on the guide. */
  isConnected: (tenantId: string) => Promise<boolean>;
  textsIn: TextsIn;
  /** Which language a page has, and where that is kept in a browser. */
  language: PageLanguage;
};

/** People: how they come in, stay in, and get to what is theirs. */
export function accountsCapability(deps: AccountsDependencies) {
  const { db, transaction, world, config, brand, tenants, enqueue, record, isConnected, textsIn, language } = deps;
  const { publicUrl, sessionSecret, accountsKey } = config;
  const productWords = ['latchkey', 'ringcentral', brand.name, brand.appName];

  const cookies = cookiesFor(publicUrl);
  const hasher = passwordHasher(config.argon2);
  const mails = accountMails({ enqueue, brand, textsIn, tenants, publicUrl });
  const throttle = signInThrottle(transaction);
  const sealing = jwksOfSymmetricKey(accountsKey).then(symmetricSealing);
  sealing.catch(() => undefined); // reported by `ready`
  const attempts = codeAttempts({ db, world, throttle });
  const secondFactor = secondFactorService({ db, world, sealing, attempts, issuer: brand.name });
  const recoveryCodes = recoveryCodeService({ db, world, accountsKey, sealing, attempts });
  const tellOfNewDevice = (trx: Knex, person: Person, at: Date) =>
    mails.securityNotice(trx, 'newDevice', { person, at });
  const signIn = signInService({ db, world, hasher, throttle, tellOfNewDevice });
  const sessions = browserSessions({ db, transaction, world, cookies, sessionSecret });
  const entrance = signingIn({ world, sessions, cookies, signIn, secondFactor, tenants, isConnected });
  const staff = staffService({ db, transaction, world, hasher, publicUrl, productWords });
  const invitations = invitationService({
    db,
    transaction,
    world,
    hasher,
    tenants,
    mails,
    record,
    publicUrl,
    productWords,
  });

  const optOut = reminderOptOut({ transaction, world });
  const people = peopleService({ db, transaction, world, tenants, mails });
  const mailer = passwordResetMailer({ transaction, world, mails, publicUrl });
  const judge = passwordJudge(productWords, tenants.ofPerson);
  const passwordResets = passwordResetService({
    db,
    transaction,
    world,
    hasher,
    tenants,
    enqueue,
    mails,
    mailer,
    judge,
    throttle,
  });
  const ownSignIn = ownSignInService({ db, transaction, world, hasher, signIn, mails, judge, publicUrl });

  const entering = { world, cookies, sessions, signIn, signingIn: entrance };
  const shared = { ...entering, attempts, secondFactor, recoveryCodes, mails, tenants };
  const freshProof = requireFreshProof(world);
  const sessionList = sessionService({ db, transaction, world, accountsKey });
  const memberSignIn = memberSignInService({
    transaction,
    world,
    tenants,
    secondFactor,
    recoveryCodes,
    sessionList,
    mails,
  });
  const mounts: Mount[] = [
    { path: '/sign-in/second-factor', access: 'public', router: secondFactorRoutes(shared) },
    { path: '/sign-in/password', access: 'public', router: passwordAgainRoutes(entering) },
    { path: '/sign-in', access: 'public', router: signInRoutes(entering) },
    { path: '/sign-out', access: 'public', router: signOutRoutes(entering) },
    { path: '/password-reset', access: 'public', router: askForResetRoutes({ world, passwordResets }) },
    { path: '/password-resets', access: 'public', router: passwordResetRoutes({ passwordResets }) },
    { path: '/setup', access: 'public', router: setupRoutes({ staff, signingIn: entrance }) },
    { path: '/invitations', access: 'public', router: invitationRoutes({ ...entering, invitations }) },
    { path: '/reminders', access: 'public', router: reminderRoutes(optOut) },
    // Public, as somebody comes here half signed in; it sends everybody else away itself.
    { path: '/account', access: 'public', router: ownSecondFactorRoutes({ ...shared, requireFreshProof: freshProof }) },
    {
      path: '/account/sessions',
      access: 'signed_in',
      router: sessionRoutes({ world, sessionList, freshFor: (page) => requireFreshProof(world, page) }),
    },
    { path: '/account', access: 'signed_in', router: accountRoutes({ ...entering, ownSignIn }) },
    { path: '/language', access: 'public', router: languageRoutes({ db, transaction, world, language }) },
    {
      path: '/tenants/:tenantId/people',
      access: 'member',
      router: peopleRoutes({ world, people, invitations }),
    },
    { path: '/tenants', access: 'signed_in', router: tenantChooserRoutes(tenants) },
  ];
  const guards: Record<Exclude<Access, 'hand_off'>, RequestHandler[]> = {
    public: [],
    signed_in: [requireSignedIn],
    member: [requireSignedIn, requireMember(tenants, db, world, pathToEnrol)],
    staff: [requireStaff(db, world)],
  };

  return {
    services: {
      staff,
      invitations,
      passwordResets,
      /** For pages that name people by id. */
      people: (ids: readonly string[]): Promise<Map<string, Person>> => personStore(db).byIds(ids),
      membersOf: people.membersOf,
      removeMember: people.remove,
      /** For staff: how a member signs in, and what may be undone of it. */
      memberSignIn,
    },
    /** What programs post to without a session, and without a form's token. */
    beforeSession: [{ path: '/reminders', router: oneClickRoutes(optOut) }],
    /** In this order, behind the body parser and before every mount of pages. */
    middlewares: {
      session: [...sessions.middleware, languageOfPerson(language, tenants)],
      csrf: csrfProtection(sessionSecret),
    },
    /** What goes in front of a mount, by its access. */
    guards,
    /** For single routes that only some roles of staff may use. */
    requireStaffRole: (...roles: StaffRole[]): RequestHandler => requireStaff(db, world, ...roles),
    /** Behind a guard, for what needs a second factor (or the password, of whoever has none) of the last five minutes. */
    requireFreshProof: freshProof,
    /** The same for a form on a page that is not behind it; that page is come back to. */
    freshProofFor: (page: string): RequestHandler => requireFreshProof(world, page),
    mounts,
    /** Rejects when the accounts key cannot be used: the process must not start. */
    ready: async (): Promise<void> => {
      await Promise.all([sealing, hasher.prepare()]);
    },
  };
}

/** Whether there is such a person, and they may sign in. */
export const isActivePerson = async (db: Knex, id: string): Promise<boolean> =>
  (await personStore(db).byIds([id])).get(id)?.disabled === false;

/** By then a link has been dead for so long that nobody asks for a fresh one; the audit keeps who was invited. */
const INVITATIONS_KEPT_MS = 90 * 24 * 3600_000;
/** In one transaction. */
const INVITATIONS_AT_ONCE = 100;

/** People who are told of something, as far as whoever tells them needs to know. */
export const peopleToTell = (db: Knex) => ({
  find: async (id: string): Promise<Person | undefined> => (await personStore(db).byIds([id])).get(id),
  /** Those of them who may sign in. */
  active: async (ids: readonly string[]): Promise<string[]> => [...(await personStore(db).byIds(ids)).keys()].sort(),
  /** Ids of the staff who may change something. */
  staff: (): Promise<string[]> => personStore(db).staffIn(['operator', 'administrator']),
});

/** Deletes what has run out: ended sessions, devices, links, attempts, and old invitations. The worker does it, which serves no page. */
export async function pruneAccounts(db: Knex, world: Pick<World, 'now'>): Promise<void> {
  const now = world.now();
  await deleteEndedSessions(db, now);
  await deviceStore(db).deleteExpired(now);
  await deleteExpiredLinks(db, now);
  await attemptStore(db).deleteExpired(now);
  const sentBefore = new Date(now.getTime() - INVITATIONS_KEPT_MS);
  const deleteSome = () =>
    transactionOn(db)((trx) => invitationStore(trx).deleteSentBefore(sentBefore, INVITATIONS_AT_ONCE));
  while ((await deleteSome()) === INVITATIONS_AT_ONCE);
}

type WorkerDependencies = Pick<
  AccountsDependencies,
  'db' | 'transaction' | 'world' | 'brand' | 'enqueue' | 'textsIn' | 'tenants'
> & { publicUrl: string; deliverMail: (item: OutboxItem) => Promise<Delivery> };

/** What the worker does for people: messages that are more than a mail, by their kind, and reminders. */
export function accountsWork(deps: WorkerDependencies) {
  const mails = accountMails(deps);
  const reminders = invitationReminders({ ...deps, mails });
  const deliveries: Record<string, (item: OutboxItem) => Promise<Delivery>> = {
    [RESET_ASKED]: passwordResetMailer({ ...deps, mails }).deliver,
    [REMINDER]: reminders.deliver(deps.deliverMail),
  };
  return { deliveries, remindDue: reminders.remindDue };
}

export type AccountsCapability = ReturnType<typeof accountsCapability>;
