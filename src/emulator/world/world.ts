import { neverExpiresSeconds } from './jwt-credentials.js';
import type { Message, MessageInput } from './mailbox-types.js';
import { Mailboxes } from './mailboxes.js';
import { roles } from './permissions.js';
import {
  NotInWorld,
  type Account,
  type AccountStatus,
  type App,
  type Environment,
  type Extension,
  type ExtensionStatus,
  type ExtensionType,
  type JwtCredential,
  type PermissionScope,
  type Role,
} from './world-types.js';

export type AppInput = Partial<App>;
export type AccountInput = Partial<Account>;
export type ExtensionInput = Partial<Omit<Extension, 'permissions'>> & {
  accountId: string;
  /** overrides single permissions of the role; an empty list removes one */
  permissions?: Record<string, PermissionScope[]>;
};
export type JwtInput = {
  extensionId: string;
  /** the permitted client IDs, or every app of the owner's organization */
  clientIds: string[] | 'organization';
  label?: string | undefined;
  /** seconds; without it, the credential does not expire */
  exp?: number | undefined;
  environment?: Environment | undefined;
};

/** RingCentral's data, held in memory. */
export class World {
  readonly apps = new Map<string, App>();
  readonly accounts = new Map<string, Account>();
  readonly extensions = new Map<string, Extension>();
  readonly credentials = new Map<string, JwtCredential>();
  private readonly byAccount = new Map<string, Extension[]>();
  readonly mailboxes: Mailboxes;
  private counts = { apps: 0, accounts: 0, extensions: 0 };

  constructor(
    private readonly newId: () => string,
    private readonly now: () => Date,
  ) {
    this.mailboxes = new Mailboxes(this, now);
  }

  addApp(input: AppInput = {}): App {
    const number = String(++this.counts.apps);
    const app: App = {
      clientId: `EXAMPLEclientId_${number.padStart(6, '0')}`,
      secret: `EXAMPLEsecretEXAMPLEsecretEXAMPLEsecret${number.padStart(5, '0')}`,
      name: `Example Fax App ${number}`,
      provider: 'Example ISV',
      ownerAccountId: null,
      access: 'public',
      environment: 'production',
      grants: ['jwt'],
      issueRefreshTokens: false,
      scopes: ['ReadAccounts', 'ReadMessages'],
      redirectUris: [],
      authPerMinute: null,
      ...input,
    };
    this.apps.set(app.clientId, app);
    return app;
  }

  addAccount(input: AccountInput = {}): Account {
    do this.counts.accounts += 1;
    while (this.accounts.has(String(37439509 + this.counts.accounts)));
    const number = this.counts.accounts;
    const account: Account = {
      id: String(37439509 + number),
      companyName: `Example Clinic ${number}`,
      mainNumber: `+1650555${String(100 + number).padStart(4, '0')}`,
      brand: { id: '1210', name: 'RingCentral' },
      status: 'Confirmed',
      address: { street: '1 Main St', city: 'Belmont', state: 'CA', zip: '94002', country: 'USA' },
      realmRestricted: false,
      keepsMessagesDays: 30,
      usesSso: false,
      sessionIdleSeconds: null,
      sessionAbsoluteSeconds: null,
      ...input,
    };
    this.accounts.set(account.id, account);
    return account;
  }

  addExtension({ permissions, ...input }: ExtensionInput): Extension {
    if (!this.accounts.has(input.accountId)) throw new NotInWorld(`no account ${input.accountId}`);
    do this.counts.extensions += 1;
    while (this.extensions.has(String(63304567003 + this.counts.extensions)));
    const number = this.counts.extensions;
    const role: Role = input.role ?? 'standard';
    const firstName = input.firstName ?? 'Example';
    const lastName = input.lastName ?? `User ${number}`;
    const extension: Extension = {
      id: String(63304567003 + number),
      extensionNumber: String(900 + number),
      name: `${firstName} ${lastName}`,
      firstName,
      lastName,
      email: `user${number}@clinic.example`,
      phoneNumber: `+1650555${String(1000 + number)}`,
      type: 'User',
      status: 'Enabled',
      role,
      faxFormat: 'pdf',
      consoleRole: role === 'super_admin' ? 'developer_admin' : 'developer',
      hasSignedInToConsole: false,
      ...input,
      permissions: new Map(Object.entries({ ...roles[role].permissions, ...permissions })),
    };
    for (const [id, scopes] of extension.permissions) if (scopes.length === 0) extension.permissions.delete(id);
    this.extensions.set(extension.id, extension);
    this.byAccount.set(input.accountId, [...this.extensionsOf(input.accountId), extension]);
    return extension;
  }

  addCredential(input: JwtInput): JwtCredential {
    this.extension(input.extensionId);
    const issuedAt = Math.floor(this.now().getTime() / 1000);
    const credential: JwtCredential = {
      jti: this.newId(),
      extensionId: input.extensionId,
      label: input.label ?? 'Example JWT',
      environment: input.environment ?? 'production',
      issuedAt,
      expiresAt: input.exp ?? issuedAt + neverExpiresSeconds,
      permitted: input.clientIds === 'organization' ? 'organization' : [...new Set(input.clientIds)],
      revoked: false,
    };
    this.credentials.set(credential.jti, credential);
    return credential;
  }

  addMessage(input: MessageInput): Message {
    return this.mailboxes.add(input);
  }

  app(clientId: string): App {
    return this.known(this.apps.get(clientId), `app ${clientId}`);
  }
  account(id: string): Account {
    return this.known(this.accounts.get(id), `account ${id}`);
  }
  extension(id: string): Extension {
    return this.known(this.extensions.get(id), `extension ${id}`);
  }
  credential(jti: string): JwtCredential {
    return this.known(this.credentials.get(jti), `JWT credential ${jti}`);
  }
  mailbox(extensionId: string): readonly Message[] {
    return this.mailboxes.settled(extensionId);
  }
  extensionsOf(accountId: string): Extension[] {
    return (this.byAccount.get(accountId) ?? []).filter(({ id }) => this.extensions.has(id));
  }
  credentialsOf(extensionId: string): JwtCredential[] {
    return [...this.credentials.values()].filter((one) => one.extensionId === extensionId && !one.revoked);
  }

  setExtensionStatus(id: string, status: ExtensionStatus): void {
    this.extension(id).status = status;
  }
  setExtensionType(id: string, type: ExtensionType): void {
    this.extension(id).type = type;
  }
  setRole(id: string, role: Role): void {
    Object.assign(this.extension(id), { role, permissions: new Map(Object.entries(roles[role].permissions)) });
  }
  setAccountStatus(id: string, status: AccountStatus): void {
    this.account(id).status = status;
  }
  /** @param scopes null or an empty list removes the permission */
  setPermission(extensionId: string, permission: string, scopes: PermissionScope[] | null): void {
    const { permissions } = this.extension(extensionId);
    if (scopes === null || scopes.length === 0) permissions.delete(permission);
    else permissions.set(permission, scopes);
  }
  /** The list of permitted apps is stored at RingCentral, so editing it leaves the JWT text unchanged. */
  setPermitted(jti: string, permitted: JwtCredential['permitted']): void {
    this.credential(jti).permitted = permitted === 'organization' ? permitted : [...new Set(permitted)];
  }

  private known<T>(value: T | undefined, what: string): T {
    if (value === undefined) throw new NotInWorld(`no ${what}`);
    return value;
  }
}
