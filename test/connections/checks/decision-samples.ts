import type { Before, Facts } from '../../../src/connections/checks/check-decision.js';
import { emptyConnection, type Connection } from '../../../src/connections/health/connection-store.js';
import type { Health, Serving, Verdict } from '../../../src/connections/health/health.js';
import type { FaxLine } from '../../../src/connections/proof/fax-line-store.js';
import type { Judged } from '../../../src/connections/proof/judged.js';
import type { Credential } from '../../../src/credentials/credential-types.js';

export const PASTED = '2026-11-01T10:00:00.000Z';
export const STARTED = new Date('2026-11-21T09:00:00.000Z');
export const NOW = '2026-11-21T09:00:02.000Z';
export const MINTED = '2026-11-21T09:00:01.000Z';
export const now = new Date(NOW);
/** Before it a second refusal confirms a first one, with the three minutes that `facts` asks for. */
export const FOUR_MINUTES_AGO = '2026-11-21T08:56:00.000Z';
export const A_MINUTE_AGO = '2026-11-21T08:59:00.000Z';

export const identity = {
  ownerId: '901',
  accountId: '501',
  ownerName: 'Fax Integration',
  ownerExtensionNumber: '901',
  accountName: 'Clinic',
};
export const owner = { status: 'Enabled', type: 'User', admin: false, roles: [] };
export const line: FaxLine = {
  extensionId: '1',
  name: 'Front desk',
  extensionNumber: '201',
  type: 'FaxUser',
  selected: true,
  listed: true,
  readable: 'yes',
  cause: null,
  probedAt: now,
};
export const session = {
  id: 'session',
  tenantId: 'north',
  credentialId: 'jwt',
  askedAt: new Date(MINTED),
  mintedAt: new Date(MINTED),
} as NonNullable<Judged['by']>['session'];
export const sealed = { jwe: '{}', kid: 'key' };

export const accepted: Verdict = { kind: 'accepted', warnings: [] };
export const refused = (cause: Extract<Verdict, { kind: 'refused' }>['cause']): Verdict => ({ kind: 'refused', cause });
export const inconclusive: Verdict = { kind: 'inconclusive', cause: 'ringcentral_unavailable' };

export const proofOf = (verdict: Verdict, more: Partial<Judged> = {}): Judged => ({
  kind: 'done',
  verdict,
  detail: { step: 'fax_lines' },
  retryAfterMs: null,
  identity,
  owner,
  lines: [line],
  by: { session, isNew: true },
  ...more,
});
/** RingCentral refused the token call, so the owner is unknown. */
export const atMint = (verdict: Verdict): Judged => ({
  kind: 'done',
  verdict,
  detail: { codes: ['OAU-473'], step: 'mint' },
  retryAfterMs: null,
  identity: null,
  owner: null,
  lines: null,
});

export const credential = (more: Partial<Credential>): Credential => ({
  id: 'jwt',
  tenantId: 'north',
  method: 'jwt',
  status: 'active',
  fingerprint: 'f',
  clientId: null,
  submittedBy: 'alice',
  submittedAt: new Date(PASTED),
  expiresAt: null,
  environment: 'production',
  keptUntil: null,
  remindAt: null,
  destroyedAt: null,
  destroyedBecause: null,
  retirement: null,
  ...more,
});

export const connection = (health: Partial<Health>, more: Partial<Connection> = {}): Connection => {
  const empty = emptyConnection('north', new Date(PASTED));
  return { ...empty, health: { ...empty.health, ...health }, ...more };
};

export const request = {
  id: 'request',
  trigger: 'person',
  requestedBy: 'alice',
  handOffId: null,
  inconclusiveStreak: 2,
} as const;
export const waiting = { since: PASTED, cause: null, refused: false, keptUntil: '2026-11-28T10:00:00.000Z' };
export const working: Serving = { state: 'working', since: PASTED, warnings: [] };
export const suspectSince = (since: string): Serving => ({
  state: 'suspect',
  since,
  cause: 'credential_rejected',
  before: { since: PASTED, warnings: [] },
});

/** A first paste that is not proved yet. */
export const pasted: Before = {
  request,
  credential: credential({ status: 'pending' }),
  connection: connection({ pending: waiting }),
  isOfAnother: false,
  isConfirmed: true,
};
/** A credential that serves, in this state. */
export const serving = (state: Serving): Before => ({
  request,
  credential: credential({ status: 'active' }),
  connection: connection({ serving: state }, { identity, connectedAt: new Date(PASTED) }),
  isOfAnother: false,
  isConfirmed: true,
});
/** Another credential was pasted while one serves. */
export const replacement: Before = {
  ...serving(working),
  credential: credential({ status: 'pending' }),
  connection: connection({ serving: working, pending: waiting }, { identity, connectedAt: new Date(PASTED) }),
};

export const facts: Facts = {
  startedAt: STARTED,
  now,
  spread: 0.5,
  environment: 'production',
  control: 'not_needed',
  confirmMs: 180_000,
  sealed: null,
};
