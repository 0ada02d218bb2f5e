/** What a stand-in for RingCentral has to know; the nouns of ringcentral.md §10.1. Every value in it is synthetic. */

export type Environment = 'production' | 'biz' | 'sandbox';

/** The flows an app can be allowed in the console (ringcentral.md §7.3). */
export type Grant = 'jwt' | 'authorization_code';

export type App = {
  clientId: string;
  /** null: a non-confidential app, which names itself by `client_id` in the body (ringcentral.md §2.2) */
  secret: string | null;
  name: string;
  provider: string;
  ownerAccountId: string | null;
  /** `public`: callable by any customer's users; `private`: by users of the owning account only (ringcentral.md §7.3) */
  access: 'public' | 'private';
  environment: 'production' | 'sandbox';
  grants: Grant[];
  issueRefreshTokens: boolean;
  scopes: string[];
  /** for the authorization code flow; matched exactly */
  redirectUris: string[];
  /** null: the emulator's own limit */
  authPerMinute: number | null;
};

export const accountStatuses = ['Initial', 'Unconfirmed', 'Confirmed', 'Disabled'] as const;
export type AccountStatus = (typeof accountStatuses)[number];

export type Account = {
  id: string;
  companyName: string;
  mainNumber: string;
  brand: { id: string; name: string };
  status: AccountStatus;
  address: { street: string; city: string; state: string; zip: string; country: string };
  /** a site or realm restriction: OAU-167 (ringcentral.md §3.2, row 20) */
  realmRestricted: boolean;
};

export const extensionStatuses = ['Enabled', 'Disabled', 'Frozen', 'NotActivated', 'Unassigned'] as const;
export type ExtensionStatus = (typeof extensionStatuses)[number];

export const extensionTypes = [
  'User',
  'FaxUser',
  'VirtualUser',
  'DigitalUser',
  'Department',
  'Announcement',
  'Voicemail',
  'SharedLinesGroup',
  'IvrMenu',
  'ApplicationExtension',
  'ParkLocation',
  'Site',
] as const;
export type ExtensionType = (typeof extensionTypes)[number];

export type PermissionScope =
  'Account' | 'AllExtensions' | 'Federation' | 'NonUserExtensions' | 'RoleBased' | 'Self' | 'UserExtensions';

export const roleNames = ['super_admin', 'standard', 'fax_integration'] as const;
export type Role = (typeof roleNames)[number];

export type Extension = {
  id: string;
  accountId: string;
  extensionNumber: string;
  name: string;
  firstName: string;
  lastName: string;
  email: string;
  phoneNumber: string;
  type: ExtensionType;
  status: ExtensionStatus;
  role: Role;
  permissions: Map<string, PermissionScope[]>;
  /** Developer Console only (ringcentral.md §7.1) */
  consoleRole: 'developer_admin' | 'developer';
  hasSignedInToConsole: boolean;
};

export type JwtCredential = {
  jti: string;
  extensionId: string;
  label: string;
  environment: Environment;
  /** seconds, as in the claims */
  issuedAt: number;
  expiresAt: number;
  /** `organization`: every app owned by the credential owner's account; else only these client ids */
  permitted: 'organization' | string[];
  revoked: boolean;
};

export type Message = {
  id: string;
  extensionId: string;
  type: 'Fax' | 'SMS' | 'VoiceMail' | 'Pager';
  direction: 'Inbound' | 'Outbound';
  from: { phoneNumber: string; name?: string; location?: string };
  to: { phoneNumber: string; name?: string; location?: string };
  createdAt: Date;
  readStatus: 'Read' | 'Unread';
  availability: 'Alive' | 'Deleted' | 'Purged';
  modifiedAt: Date;
  /** grows with every change in the world's mailboxes: what an incremental sync goes on from */
  version: number;
  pages: number;
};
