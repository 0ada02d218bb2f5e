/** What the portal's API sends and accepts, under the names that it uses. Times are RFC 3339, ids are text. */

export type FixOwner = 'tenant' | 'isv' | 'ringcentral' | 'nobody';
export type ConnectionState =
  'not_connected' | 'pending' | 'healthy' | 'warning' | 'failing' | 'unverified' | 'disconnected';

/** A tenant by the portal's id for it, or by yours as `ref:<external_ref>`. */
export type TenantRef = string;

export type TokenRequest = {
  /** Fewer scopes than the tenant's own, separated by spaces. */
  scope?: string;
  /** What the token is for; people of the clinic read it. Letters, digits, `_.:-`, at most 64. */
  purpose?: string;
  job_id?: string;
  /** The token must live at least so long, at most 1,800. */
  min_ttl_seconds?: number;
};

export type AccessToken = {
  access_token: string;
  token_type: string;
  expires_in: number;
  expires_at: string;
  issued_at: string;
  /** Whether it was requested from RingCentral for this answer. */
  renewed: boolean;
  scope: string;
  /** Where RingCentral's API of this tenant is. */
  server_url: string;
  /** Where its documents are. */
  media_url: string;
  account_id: string;
  owner_id: string;
  /** The extensions whose faxes are read. */
  fax_extensions: string[];
};

/** Whether a connection works. */
export type Situation = {
  state: ConnectionState;
  since: string | null;
  cause: string | null;
  fix_owner: FixOwner | null;
  checked_at: string | null;
};

export type Connection = Situation & {
  method: string | null;
  next_check_at: string | null;
  last_conclusive: { state: string; at: string } | null;
  expires_at: string | null;
  account: { id: string; name: string | null } | null;
  owner: { id: string; name: string | null } | null;
  fax_extensions: string[];
};

export type Tenant = {
  id: string;
  external_ref: string;
  name: string;
  environment: string;
  language: string;
  time_zone: string;
  connection: Situation;
};

export type NewTenant = {
  name: string;
  external_ref: string;
  environment?: string;
  language?: string;
  time_zone?: string;
};
/** A tenant keeps the environment that it was added with. */
export type TenantChange = Partial<Omit<NewTenant, 'environment'>> & { fax_extensions?: string[] };

export type NewInvitation = { email: string; deliver: 'email' | 'caller' };
/** `url` only with `deliver: 'caller'`. */
export type Invitation = { expires_at: string; url?: string };

type OfTenant = { tenant: string; external_ref: string };
/** What preflight says of one tenant. */
export type PreflightEntry =
  | ({ verdict: 'go'; checked_at: string | null } & OfTenant)
  | ({
      verdict: 'no_go';
      state: ConnectionState;
      cause: string;
      fix_owner: FixOwner | null;
      since: string | null;
      reconnect_url: string | null;
    } & OfTenant)
  | ({ verdict: 'unknown'; checked_at: string | null; reason: string } & OfTenant);

type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
type EntryOf<V extends PreflightEntry['verdict']> = Without<Extract<PreflightEntry, { verdict: V }>, 'verdict'>;
export type PreflightPage = {
  by: string;
  estimated_minutes: number;
  go: EntryOf<'go'>[];
  no_go: EntryOf<'no_go'>[];
  unknown: EntryOf<'unknown'>[];
  next_cursor: string | null;
};

/** What the last complete pull of a clinic's faxes found: counts and times only, nothing of a fax itself. */
export type FaxPullReport = {
  completed_at: string;
  lines: FaxPullLine[];
};
export type FaxPullLine = {
  extension_id: string;
  listed: number;
  fetched: number;
  pending: number;
  failed: number;
  lost: number;
  gaps: number;
  oldest_pending_at: string | null;
  oldest_failed_at: string | null;
  /** Faxes and voicemail together, which fill the mailbox; null if not known. */
  mailbox_messages: number | null;
};

/** What happened. More types may come: skip those that you do not know. */
export type PortalEvent = {
  /** The same in the webhooks of the event. */
  id: string;
  seq: number;
  type: string;
  at: string;
  /** null if the event concerns the portal as a whole. */
  tenant: string | null;
  external_ref: string | null;
  /** Ids, times, `cause` and `fix_owner`. */
  data: Record<string, string | null>;
};
export type EventPage = { events: PortalEvent[]; next_after: number };

/** An error of the API (RFC 9457). */
export type Problem = {
  /** A page of the portal that explains the cause. */
  type: string;
  title: string;
  status: number;
  /** The id of the request, for the portal's log. */
  instance: string;
  cause?: string;
  fix_owner?: FixOwner;
  since?: string;
  reconnect_url?: string;
  retryable?: boolean;
  retry_at?: string;
  errors?: { pointer: string; code: string }[];
};

/** Why there is no token. Nothing of this is a defect: a job notes it and goes on with the next tenant. */
export type NoToken =
  /** The clinic has no working credential yet, or no longer one. */
  | { kind: 'connect_needed'; problem: Problem }
  /** There is a credential that does not work until someone fixes the cause. */
  | { kind: 'fix_needed'; by: FixOwner; problem: Problem }
  /** Neither the portal nor RingCentral can say now. `problem` is null if the portal could not be reached. */
  | { kind: 'try_later'; at: Date; problem: Problem | null };

export type TokenAnswer = { kind: 'token'; token: AccessToken } | NoToken;
