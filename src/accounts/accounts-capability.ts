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
    /** 32 bytes; seals second-factor secrets. */
    accountsKey: Buffer;
    argon2?: Argon2Parameters;
  };
  brand: Brand;
  tenants: TenantService;
  enqueue: EnqueueMessage;
  /** Records an event for external programs. */
  record: RecordEvent;
  /** Whether a tenant's people go to the connection page instead of the guide. */
  isConnected: (tenantId: string) => Promise<boolean>;
  textsIn: TextsIn;
  /** Chooses the language of a page and stores it in the browser. */
  language: PageLanguage;
};

/** People: signing in, staying signed in, and access to their tenants. */
export function accountsCapability(deps: AccountsDependencies) {
  const { db, transaction, world, config, brand, tenants, enqueue, record, isConnected, textsIn, language } = deps;
  const { publicUrl, sessionSecret, accountsKey } = config;
  const productWords = ['latchkey', 'ringcentral', brand.name, brand.appName];

  const cookies = cookiesFor(publicUrl);
  const hasher = passwordHasher(config.argon2);
  const mails = accountMails({ enqueue, brand, textsIn, tenants, publicUrl });
  const throttle = signInThrottle(transaction);
  const sealing = jwksOfSymmetricKey(accountsKey).then(symmetricSealing);
  sealing.catch(() => undefined); // `ready` reports the error
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
    // Public, because people get here half signed in; the router redirects everyone else itself.
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
      /** For pages that show the names of people by id. */
      people: (ids: readonly string[]): Promise<Map<string, Person>> => personStore(db).byIds(ids),
      membersOf: people.membersOf,
      removeMember: people.remove,
      /** For staff: how a member signs in, and what staff may reset. */
      memberSignIn,
    },
    /** For programs that post without a session and without a form token. */
    beforeSession: [{ path: '/reminders', router: oneClickRoutes(optOut) }],
    /** In this order, after the body parser and before every page. */
    middlewares: {
      session: [...sessions.middleware, languageOfPerson(language, tenants)],
      csrf: csrfProtection(sessionSecret),
    },
    /** The guard for each kind of access. */
    guards,
    /** For single routes that only some staff roles may use. */
    requireStaffRole: (...roles: StaffRole[]): RequestHandler => requireStaff(db, world, ...roles),
    /**
     * Runs after a guard. Requires a second factor from the last five minutes, or the password from people without
     * one.
     */
    requireFreshProof: freshProof,
    /** The same for a form on a page without this check; the person returns to that page. */
    freshProofFor: (page: string): RequestHandler => requireFreshProof(world, page),
    mounts,
    /** Rejects if the accounts key cannot be used; the process must not start then. */
    ready: async (): Promise<void> => {
      await Promise.all([sealing, hasher.prepare()]);
    },
  };
}

/** Whether the person exists and may sign in. */
export const isActivePerson = async (db: Knex, id: string): Promise<boolean> =>
  (await personStore(db).byIds([id])).get(id)?.disabled === false;

/** After this time an expired link is of no use to anyone; the audit keeps who was invited. */
const INVITATIONS_KEPT_MS = 90 * 24 * 3600_000;
/** Per transaction. */
const INVITATIONS_AT_ONCE = 100;

/** The people to notify, with the facts that notifications need. */
export const peopleToTell = (db: Knex) => ({
  find: async (id: string): Promise<Person | undefined> => (await personStore(db).byIds([id])).get(id),
  /** The ids of those who may sign in. */
  active: async (ids: readonly string[]): Promise<string[]> => [...(await personStore(db).byIds(ids)).keys()].sort(),
  /** The ids of staff who may make changes. */
  staff: (): Promise<string[]> => personStore(db).staffIn(['operator', 'administrator']),
});

/** Deletes expired data: ended sessions, devices, links, attempts and old invitations. Only the worker calls it. */
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

/** The worker's tasks for people: messages that need more than sending a mail, by kind, and reminders. */
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
