import type { ActivityEvidence, OverviewEvidence, PeopleEvidence } from '../../../src/staff/clinic/clinic-evidence.js';
import { textsIn } from '../../../src/texts/texts.js';
import type { Tenant } from '../../../src/tenants/tenant-types.js';
import {
  aPast,
  broken,
  check,
  facts as memberFacts,
  minutes,
  refusedPaste,
  samples,
  type Sample,
} from '../../connections/sample-connections.js';

/** Everything that the pages of a clinic show. */
export type TenantEvidence = OverviewEvidence & PeopleEvidence & ActivityEvidence;

export const aTenant = (id: string, name: string): Tenant => ({
  id,
  name,
  externalRef: `clinic-${id}`,
  environment: 'production',
  language: 'en',
  timeZone: 'America/Denver',
  membersNeedSecondFactor: false,
  offeredMethods: 'both',
  createdAt: minutes(-90 * 24 * 60),
});

export const facts = {
  t: memberFacts.t,
  textsIn,
  clock: memberFacts.clock,
  isv: memberFacts.isv,
  hasSignInApp: false,
  mayChange: true,
  mayManage: true,
};

export const invitation = {
  id: 'inv-1',
  email: 'ann.whitfield@riverside-clinic.example',
  role: 'owner' as const,
  expiresAt: minutes(6 * 24 * 60),
  acceptedAt: null,
  revokedAt: null,
  byHand: false,
  invitedBy: 'olga',
  createdAt: minutes(-24 * 60),
  mail: { kind: 'delivered' as const, at: minutes(-24 * 60) },
};

const aNotice = {
  id: 'notice-1',
  about: 'trouble',
  tenantId: 'north',
  personId: 'olga',
  createdAt: minutes(-60),
  settledAt: minutes(-50),
};

export function evidence({ view, checks }: Sample, more: Partial<TenantEvidence> = {}): TenantEvidence {
  return {
    lastFix: [],
    disconnection: [],
    openDeliveries: 0,
    tenant: aTenant('north', 'Riverside Family Clinic'),
    view,
    past: aPast,
    notices: [
      { ...aNotice, kind: 'failing', outcome: 'refused', error: 'address_refused' },
      { ...aNotice, id: 'notice-2', kind: 'expires_7', outcome: 'delivered', error: null },
    ],
    checks: [
      ...checks,
      check(null, { trigger: 'schedule' }),
      check('ringcentral_unavailable', { verdict: 'inconclusive', trigger: 'person' }),
    ],
    events: [
      {
        seq: 9,
        id: 'event-9',
        at: minutes(-5),
        actorKind: 'person',
        actorId: 'olga',
        action: 'tenant.viewed_by_staff',
        target: 'north',
        outcome: 'ok',
        detail: {},
        ip: null,
      },
      {
        seq: 8,
        id: 'event-8',
        at: minutes(-20),
        actorKind: 'portal',
        actorId: null,
        action: 'credential.judged',
        target: 'one',
        outcome: 'refused',
        detail: { verdict: 'refused', cause: 'app_not_permitted', trigger: 'submission' },
        ip: null,
      },
      {
        seq: 7,
        id: 'event-7',
        at: minutes(-21),
        actorKind: 'person',
        actorId: 'ann',
        action: 'credential.submitted',
        target: 'one',
        outcome: 'ok',
        detail: { repairs: 2, repeated: false },
        ip: null,
      },
      {
        seq: 6,
        id: 'event-6',
        at: minutes(-30),
        actorKind: 'person',
        actorId: 'gone',
        action: 'credential.paste_refused',
        target: null,
        outcome: 'refused',
        detail: { code: 'client_id' },
        ip: null,
      },
    ],
    sharedWith: [],
    more: true,
    paged: false,
    invitations: [invitation, { ...invitation, id: 'inv-0', acceptedAt: minutes(-60), invitedBy: null }],
    members: [
      {
        id: 'ann',
        name: 'Ann Whitfield',
        email: 'ann.whitfield@riverside-clinic.example',
        since: minutes(-60),
        role: 'owner',
      },
    ],
    names: new Map([
      ['olga', { name: 'Olga Petrov' }],
      ['ann', { name: 'Ann Whitfield' }],
    ]),
    ...more,
  };
}

const heldSample = refusedPaste('account_shared');
export const held: Sample = {
  ...heldSample,
  view: {
    ...heldSample.view,
    connection: {
      ...heldSample.view.connection,
      withheld: {
        ...{ accountId: '37439510', accountName: 'Riverside Family Clinic' },
        ...{ ownerId: '63304567004', ownerName: 'Fax Service' },
      },
    },
  },
};

export const evidences: Record<string, TenantEvidence> = {
  fresh: evidence(samples.not_connected!, { checks: [], events: [], more: false, invitations: [], members: [] }),
  healthy: evidence(samples.healthy!),
  kept: evidence(refusedPaste('app_not_permitted')),
  failing: evidence(broken('credential_rejected')),
  held: evidence(held),
  replacing: evidence(samples.replacing!),
  owner_changed: evidence(samples.owner_changed!),
};
