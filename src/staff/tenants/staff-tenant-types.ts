import type { StoredAuditEvent } from '../../audit/audit-store.js';
import type { IsvFacts } from '../../connections/pages/cause-page.js';
import type { Past } from '../../connections/connection-view.js';
import type { Check } from '../../connections/health/check-types.js';
import type { Notice } from '../../notifications/notice-store.js';
import type { Clock } from '../../platform/http/view-helpers.js';
import type { Texts, TextsIn } from '../../texts/texts.js';
import type { HeldEvidence } from './account-approval-page.js';
import type { ShownInvitation } from './new-tenant-page.js';

/** All that is known of a tenant, without any secret: what staff see. */
export type TenantEvidence = HeldEvidence & {
  checks: Check[];
  past: Past;
  /** What people were told of it by mail, the newest first. */
  notices: Notice[];
  events: StoredAuditEvent[];
  /** There are older events than these. */
  more: boolean;
  /** These are not the newest. */
  paged: boolean;
  invitations: (ShownInvitation & { invitedBy: string | null; createdAt: Date })[];
  members: { id: string; name: string; email: string; since: Date }[];
  /** Names of those who did something, by id. */
  names: ReadonlyMap<string, { name: string }>;
};
export type StaffFacts = { t: Texts; textsIn: TextsIn; clock: Clock; isv: IsvFacts; mayChange: boolean };
