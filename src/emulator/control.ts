import type { Authorization } from './world/authorization-codes.js';
import type { Core, AuthScope, InactiveOwners, LoginPrompt } from './core.js';
import type { OauthAnswer, Situation } from './world/oauth-answers.js';
import type { BucketInUse, Limits } from './traffic/rate-limits.js';
import { contentPath } from './api/message-records.js';
import { documentOf } from './api/synthetic-fax.js';
import type { SessionRules } from './world/session-rules.js';
import type { FaxInput, MailboxRules, Message, MessageInput } from './world/mailbox-types.js';
import type { AccountInput, AppInput, ExtensionInput, JwtInput } from './world/world.js';
import {
  NotInWorld,
  type Account,
  type AccountStatus,
  type App,
  type Extension,
  type ExtensionStatus,
  type ExtensionType,
  type PermissionScope,
  type Role,
} from './world/world-types.js';

/**
 * What a test can do to RingCentral: build its data and change it while clients are connected. The HTTP control API
 * (control-routes.ts) exposes this object as JSON.
 */
export function createControl(core: Core) {
  const { world, sessions, settings } = core;
  const endSessions = (extensionId: string) => sessions.endAllOf(extensionId);
  return {
    world,
    addApp: (input?: AppInput): App => world.addApp(input),
    addAccount: (input?: AccountInput): Account => world.addAccount(input),
    addExtension: (input: ExtensionInput): Extension => world.addExtension(input),
    /** Adds a message to an extension's mailbox; a fax by default. The content is synthetic. */
    addMessage: (input: MessageInput): Message => world.addMessage(input),
    /** One inbound fax; what tests do to mailboxes is listed in mailboxes.ts. */
    deliverFax: (extensionId: string, input?: FaxInput): Message => world.mailboxes.deliverFax(extensionId, input),
    changeMessage(id: string, change: Partial<Pick<Message, 'readStatus' | 'availability'>>): Message {
      const message = world.mailboxes.message(id);
      world.mailboxes.change(message, change);
      return message;
    },
    setMailboxRules(rules: Partial<MailboxRules>): void {
      world.mailboxes.rules = { ...world.mailboxes.rules, ...rules };
    },
    messagesOf: (extensionId: string): readonly Message[] => world.mailbox(world.extension(extensionId).id),
    /** The exact bytes of a document, also of a message that is no longer listed; by default of its first attachment. */
    documentOf(message: Message, attachmentId = message.attachments[0]?.id): Buffer {
      const attachment = message.attachments.find(({ id }) => id === attachmentId);
      if (!attachment) throw new NotInWorld(`no attachment ${String(attachmentId)}`);
      return documentOf(message, attachment);
    },
    /** The path of a message's content calls, to set a fault for this message only. */
    contentPath: (message: Message): string => contentPath(world.extension(message.extensionId), message),
    beforePage(listener: Core['settings']['beforePage']): void {
      settings.beforePage = listener;
    },
    createJwt(input: JwtInput): { jwt: string; jti: string } {
      const credential = world.addCredential(input);
      return { jwt: core.signer.write(credential), jti: credential.jti };
    },
    /** The JWT of a credential, as its owner holds it; the same text every time. */
    jwtOf: (jti: string): string => core.signer.write(world.credential(jti)),
    /** Issues the authorization code that the redirect would carry, without the page. */
    authorize: (authorization: Authorization): string => core.codes.issue(authorization, core.now().getTime()),
    permitApp(jti: string, clientId: string): void {
      const { permitted } = world.credential(jti);
      world.setPermitted(jti, permitted === 'organization' ? [clientId] : [...permitted, clientId]);
    },
    forbidApp(jti: string, clientId: string): void {
      const { permitted } = world.credential(jti);
      if (permitted === 'organization') return;
      world.setPermitted(
        jti,
        permitted.filter((one) => one !== clientId),
      );
    },
    revokeJwt(jti: string): void {
      const credential = world.credential(jti);
      credential.revoked = true;
      if (settings.revokingJwtEndsSessions) endSessions(credential.extensionId);
    },
    /** Removes the credential completely. Deleting and revoking have separate entries in the answers. */
    deleteJwt: (jti: string): boolean => world.credentials.delete(world.credential(jti).jti),
    setExtensionStatus(extensionId: string, status: ExtensionStatus): void {
      world.setExtensionStatus(extensionId, status);
      if (status !== 'Enabled' && settings.disablingEndsSessions && settings.inactiveOwners === 'refused')
        endSessions(extensionId);
    },
    setExtensionType: (extensionId: string, type: ExtensionType): void => world.setExtensionType(extensionId, type),
    inactiveOwners: (): InactiveOwners => settings.inactiveOwners,
    /** How RingCentral treats an owner who is not Enabled. `/extension/~` reports the status either way. */
    setInactiveOwners(inactiveOwners: InactiveOwners): void {
      settings.inactiveOwners = inactiveOwners;
    },
    /** Gives the extension the role's permissions and drops those that were set one by one. */
    setRole: (extensionId: string, role: Role): void => world.setRole(extensionId, role),
    removeExtension(extensionId: string): void {
      world.extensions.delete(world.extension(extensionId).id);
      endSessions(extensionId);
    },
    setPermission: (extensionId: string, permission: string, scopes: PermissionScope[] | null): void =>
      world.setPermission(extensionId, permission, scopes),
    setAccountStatus(accountId: string, status: AccountStatus): void {
      world.setAccountStatus(accountId, status);
      if (status === 'Confirmed' || !settings.disablingEndsSessions) return;
      for (const extension of world.extensionsOf(accountId)) endSessions(extension.id);
    },
    removeAccount(accountId: string): void {
      world.accounts.delete(world.account(accountId).id);
      for (const extension of world.extensionsOf(accountId)) endSessions(extension.id);
    },
    setAppSecret(clientId: string, secret: string | null): void {
      world.app(clientId).secret = secret;
    },
    updateApp: (clientId: string, change: Partial<Omit<App, 'clientId'>>): App =>
      Object.assign(world.app(clientId), change),
    removeApp: (clientId: string): boolean => world.apps.delete(world.app(clientId).clientId),
    endSessions,
    /** The user's sessions that were revoked, that a sixth one has ended, and whose access token is still accepted. */
    sessionsOf: (extensionId: string): { revoked: number; displaced: number; living: number } => ({
      revoked: sessions.revokedOf(extensionId),
      displaced: sessions.displacedOf(extensionId),
      living: sessions
        .all()
        .filter((one) => one.extensionId === extensionId && one.accessExpiresAt > core.now().getTime()).length,
    }),
    changePassword: (extensionId: string): void => sessions.changePassword(world.extension(extensionId).id),
    setSessionRules(rules: Partial<SessionRules>): void {
      sessions.rules = { ...sessions.rules, ...rules };
    },
    /**
     * Changes what the token endpoint answers in a situation. RingCentral's own answer is unknown in many situations.
     */
    setAnswer(situation: Situation, answer: Partial<OauthAnswer>): void {
      core.answers[situation] = { ...core.answers[situation], ...answer };
    },
    setLimits(limits: Partial<Limits>): void {
      core.limits.limits = { ...core.limits.limits, ...limits };
    },
    /** calls per window and group, for apps without their own limit */
    limits: (): Limits => ({ ...core.limits.limits }),
    limitsInUse: (): BucketInUse[] => core.limits.inUse(core.now().getTime()),
    setAuthScope(scope: AuthScope): void {
      settings.authScope = scope;
    },
    setLoginPrompt(loginPrompt: LoginPrompt): void {
      settings.loginPrompt = loginPrompt;
    },
    setDelay(delayMs: number): void {
      settings.delayMs = delayMs;
    },
    /** Clears counted arrivals and penalties, as a minute without calls would. */
    resetLimits: (): void => core.limits.reset(),
    now: core.now,
    /** moves the emulator's clock ahead of `now` */
    advance: core.advance,
    faults: core.faults,
    /** the requests received; the same array is filled in place, so a reference stays valid */
    requests: core.traffic.requests,
    tokenCalls: core.traffic.tokenCalls,
    violations: core.traffic.violations,
    clearLog: (): void => core.traffic.clear(),
  };
}

export type Control = ReturnType<typeof createControl>;
