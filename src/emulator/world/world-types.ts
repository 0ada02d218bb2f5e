/** The data model of the emulated RingCentral. Every value in it is synthetic. */

export type Environment = 'production' | 'biz' | 'sandbox';

/** The flows that the console can enable for an app. */
export type Grant = 'jwt' | 'authorization_code';

export type App = {
  clientId: string;
  /** null: a non-confidential app, which identifies itself by `client_id` in the body */
  secret: string | null;
  name: string;
  provider: string;
  ownerAccountId: string | null;
  /** `public`: usable by any customer's users; `private`: only by users of the owning account */
  access: 'public' | 'private';
  environment: 'production' | 'sandbox';
  grants: Grant[];
  issueRefreshTokens: boolean;
  scopes: string[];
  /** for the authorization code flow; must match exactly */
  redirectUris: string[];
  /** null: the emulator's default limit applies */
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
  /** a site or realm restriction, answered with OAU-167 */
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
  /** role in the Developer Console only */
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
  /** `organization`: every app owned by the credential owner's account; otherwise only these client IDs */
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
  /** increases with every mailbox change; an incremental sync continues from it */
  version: number;
  pages: number;
};
