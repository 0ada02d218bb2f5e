import type { Request } from 'express';
import type { TypedAddress } from '../../accounts/invitations/typed-address.js';
import { typedAddressOf } from '../../accounts/invitations/typed-address.js';
import type { ClinicRole } from '../../app/clinic-roles.js';
import { auditStore } from '../../audit/audit-store.js';
import type { ConnectionView, Past } from '../../connections/connection-view.js';
import type { FixMailer } from '../../connections/fix/fix-mailer.js';
import type { Check } from '../../connections/health/check-types.js';
import type { IsvFacts } from '../../connections/pages/cause-page.js';
import type { Notice } from '../../notifications/notice-store.js';
import { noticesOf } from '../../notifications/notices.js';
import type { Row } from '../../platform/http/content.js';
import type { Clock } from '../../platform/http/view-helpers.js';
import type { Tenant } from '../../tenants/tenant-types.js';
import type { Texts, TextsIn } from '../../texts/texts.js';
import { MOST_EVENTS, type Events, type Names } from '../activity/activity-page.js';
import type { StaffDeps } from '../staff-requests.js';
import type { Decision } from './approval-routes.js';
import type { ShownInvitation } from '../tenants/invitation-page.js';

export const MOST_CHECKS = 50;
const MOST_MAILS = 20;

/** What every page of a clinic is made of. None of this, here or below, contains a secret. */
export type ClinicSeen = { tenant: Tenant; view: ConnectionView };

type ClinicMember = { id: string; name: string; email: string; since: Date; role: ClinicRole };

export type OverviewEvidence = ClinicSeen & {
  /** The other clinics that are connected to the account that waits for approval. */
  sharedWith: readonly Pick<Tenant, 'id' | 'name'>[];
  checks: Check[];
  past: Past;
  names: Names;
  members: ClinicMember[];
  /** To whom staff emailed the fix last. */
  lastFix: Notice[];
  /** The newest disconnection: when, by whom, what is open, and the receipt. Empty if there was none. */
  disconnection: Row[];
  /** How many events of the clinic wait to be delivered to the ISV's programs. */
  openDeliveries: number;
};

export type PeopleEvidence = ClinicSeen & {
  members: ClinicMember[];
  invitations: (ShownInvitation & { role: ClinicRole; invitedBy: string | null; createdAt: Date })[];
  /** The notices that people were sent about the tenant, newest first. */
  notices: Notice[];
  names: Names;
  /** The address that was typed in the form of an invitation before a fresh proof. */
  kept?: TypedAddress | undefined;
};

export type ChecksEvidence = ClinicSeen & { checks: Check[] };
export type ActivityEvidence = ClinicSeen & Events;

export type ClinicFacts = {
  t: Texts;
  textsIn: TextsIn;
  clock: Clock;
  isv: IsvFacts;
  /** Whether the clinic's people can connect by signing in to RingCentral. */
  hasSignInApp: boolean;
  mayChange: boolean;
  mayManage: boolean;
  /** What this person decided about an account of this clinic before. */
  decision?: Decision | undefined;
};

/** What capabilities that build on the staff pages say of one clinic. */
export type Elsewhere = {
  fixes: FixMailer;
  /** The newest disconnection: when, by whom, what is open, and the receipt. Empty if there was none. */
  disconnectionRows: (tenantId: string, facts: { t: Texts; clock: Clock }) => Promise<Row[]>;
  /** How many of its events wait to be delivered to the ISV's programs. */
  openDeliveries: (tenantId: string) => Promise<number>;
  /** The page of a clinic that has left; null if it has not. */
  pageOfLeft: (tenantId: string) => Promise<string | null>;
};

/** Reads what a page of a clinic shows, and no more. */
export function clinicReader({ db, world, tenants, connections, accounts }: StaffDeps, elsewhere: Elsewhere) {
  const { people, membersOf, invitations } = accounts.services;
  const namesOf = (ids: readonly (string | null)[]) =>
    people([...new Set(ids.filter((id): id is string => id !== null))]);

  return {
    async seen(tenant: Tenant): Promise<ClinicSeen> {
      return { tenant, view: await connections.view(tenant.id) };
    },

    async overview(seen: ClinicSeen, facts: ClinicFacts): Promise<OverviewEvidence> {
      const { id } = seen.tenant;
      const [sharedIds, checks, past, disconnection, openDeliveries, members, lastFix] = await Promise.all([
        connections.othersWithWithheldAccount(id),
        connections.history(id, MOST_CHECKS),
        connections.past(id),
        elsewhere.disconnectionRows(id, facts),
        elsewhere.openDeliveries(id),
        membersOf(id),
        elsewhere.fixes.lastFix(id),
      ]);
      const names = await namesOf([
        ...past.incidents.map(({ closing }) => closing?.by ?? null),
        ...seen.view.retired.map(({ credential }) => credential.submittedBy),
        ...lastFix.map(({ personId }) => personId),
      ]);
      const sharedWith = sharedIds.length === 0 ? [] : await tenants.withIds(sharedIds);
      const found = { sharedWith, checks, past, disconnection, openDeliveries, members, lastFix };
      return { ...seen, ...found, names };
    },

    async people(seen: ClinicSeen, req: Request): Promise<PeopleEvidence> {
      const { id } = seen.tenant;
      const [members, sent, notices] = await Promise.all([
        membersOf(id),
        invitations.ofTenant(id),
        noticesOf(db, id, MOST_MAILS),
      ]);
      const names = await namesOf([
        ...sent.map(({ invitedBy }) => invitedBy),
        ...notices.map(({ personId }) => personId),
      ]);
      return { ...seen, members, invitations: sent, notices, names, kept: typedAddressOf(req, id) };
    },

    async checks(seen: ClinicSeen): Promise<ChecksEvidence> {
      return { ...seen, checks: await connections.history(seen.tenant.id, MOST_CHECKS) };
    },

    async activity(seen: ClinicSeen, before: number | undefined): Promise<ActivityEvidence> {
      const found = await auditStore(db, world)
        .forTenant(seen.tenant.id)
        .newest(MOST_EVENTS + 1, before);
      const events = found.slice(0, MOST_EVENTS);
      const names = await namesOf(events.map(({ actorId }) => actorId));
      return { ...seen, events, names, more: found.length > events.length, paged: before !== undefined };
    },
  };
}
