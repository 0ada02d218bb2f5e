import type { StoredAuditEvent } from '../../audit/audit-store.js';
import type { IsvFacts } from '../../connections/pages/cause-page.js';
import type { Past } from '../../connections/connection-view.js';
import type { Check } from '../../connections/health/check-types.js';
import type { Notice } from '../../notifications/notice-store.js';
import type { Clock } from '../../platform/http/view-helpers.js';
import type { Texts, TextsIn } from '../../texts/texts.js';
import type { WithheldEvidence } from './account-approval-page.js';
import type { ShownInvitation } from './new-tenant-page.js';

/** Everything that staff see of a tenant; contains no secret. */
export type TenantEvidence = WithheldEvidence & {
  checks: Check[];
  past: Past;
  /** The notices that people were sent about the tenant, newest first. */
  notices: Notice[];
  events: StoredAuditEvent[];
  /** Whether there are older events. */
  more: boolean;
  /** Whether these are not the newest events. */
  paged: boolean;
  invitations: (ShownInvitation & { invitedBy: string | null; createdAt: Date })[];
  members: { id: string; name: string; email: string; since: Date }[];
  /** The names of the people in the events, by id. */
  names: ReadonlyMap<string, { name: string }>;
};
export type StaffFacts = { t: Texts; textsIn: TextsIn; clock: Clock; isv: IsvFacts; mayChange: boolean };
