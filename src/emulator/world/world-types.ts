import type { FaxFormat } from './mailbox-types.js';

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
  /** days after which messages are purged: 30 for a HIPAA account, 7 to 90 by the account's policy; null: never */
  keepsMessagesDays: number | null;
  /** users sign in at the company's own server, on another origin */
  usesSso: boolean;
  /** a session ends after so many seconds without a call; null: no such limit */
  sessionIdleSeconds: number | null;
  /** a session ends so many seconds after it began; null: no such limit */
  sessionAbsoluteSeconds: number | null;
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
  /** the format of the documents of received faxes */
  faxFormat: FaxFormat;
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

/** A name that does not exist: a mistake in the test that drives the emulator, never an answer from RingCentral. */
export class NotInWorld extends Error {}
