import { neverExpiresSeconds } from './jwt-credentials.js';
import { roles } from './permissions.js';
import type {
  Account,
  AccountStatus,
  App,
  Environment,
  Extension,
  ExtensionStatus,
  ExtensionType,
  JwtCredential,
  Message,
  PermissionScope,
  Role,
} from './world-types.js';

export type AppInput = Partial<App>;
export type AccountInput = Partial<Account>;
export type ExtensionInput = Partial<Omit<Extension, 'permissions'>> & {
  accountId: string;
  /** overrides single permissions of the role; an empty list removes one */
  permissions?: Record<string, PermissionScope[]>;
};
export type MessageInput = Partial<Omit<Message, 'from' | 'to'>> & {
  extensionId: string;
  from?: Message['from'];
  to?: Message['to'];
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

/** A name that does not exist: a mistake in the test that drives the emulator, never an answer from RingCentral. */
export class NotInWorld extends Error {}

/** RingCentral's data, held in memory. */
export class World {
  readonly apps = new Map<string, App>();
  readonly accounts = new Map<string, Account>();
  readonly extensions = new Map<string, Extension>();
  readonly credentials = new Map<string, JwtCredential>();
  private readonly messages = new Map<string, Message[]>();
  private readonly byAccount = new Map<string, Extension[]>();
  /** version of the newest change in any mailbox */
  messageVersion = 0;
  private counts = { apps: 0, accounts: 0, extensions: 0, messages: 0 };

  constructor(
    private readonly newId: () => string,
    private readonly now: () => Date,
  ) {}

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
    const extension = this.extension(input.extensionId);
    const message: Message = {
      id: String(1724099032019 + ++this.counts.messages),
      type: 'Fax',
      direction: 'Inbound',
      createdAt: input.createdAt ?? this.now(),
      modifiedAt: input.createdAt ?? this.now(),
      readStatus: 'Unread',
      availability: 'Alive',
      pages: 2,
      ...input,
      version: ++this.messageVersion,
      from: input.from ?? { phoneNumber: '+12135550100', name: 'Example Lab', location: 'Los Angeles, CA' },
      to: input.to ?? { phoneNumber: extension.phoneNumber, name: extension.name, location: 'Belmont, CA' },
    };
    const mailbox = this.messages.get(extension.id) ?? [];
    mailbox.push(message);
    this.messages.set(extension.id, mailbox);
    return message;
  }

  changeMessage(message: Message, change: Partial<Pick<Message, 'readStatus' | 'availability'>>): void {
    Object.assign(message, change, { modifiedAt: this.now(), version: ++this.messageVersion });
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
    return this.messages.get(extensionId) ?? [];
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
