import type { Method } from '../../src/credentials/credential-types.js';
import { nextHealth, neverConnected, type Health, type HealthEvent } from '../../src/connections/health/health.js';
import { verdictFor, type Verdict } from '../../src/preflight/verdict.js';

const now = new Date('2026-11-29T20:00:00.000Z');
const hours = (count: number): Date => new Date(now.getTime() + count * 3_600_000);
const DAY_MS = 24 * 3_600_000;

const healthOf = (...events: [HealthEvent, Date][]): Health =>
  events.reduce<Health>(
    (health, [event, at]) => nextHealth(health, event, at.toISOString()),
    neverConnected(hours(-2000).toISOString()),
  );
type Verdicts = Extract<HealthEvent, { kind: 'pending_judged' }>['verdict'];
const pasted = (at: Date): [HealthEvent, Date] => [{ kind: 'submitted', keptUntil: hours(100).toISOString() }, at];
const judged = (verdict: Verdicts, kept: boolean, at: Date) =>
  [{ kind: 'pending_judged', verdict, kept }, at] as [HealthEvent, Date];
const accepted: Verdicts = { kind: 'accepted', warnings: [] };
/** Connected long ago, and checked with this verdict at these times. */
const working = (...provedAt: Date[]): [HealthEvent, Date][] => [
  pasted(hours(-1000)),
  judged(accepted, false, hours(-1000)),
  ...provedAt.map((at): [HealthEvent, Date] => [
    { kind: 'serving_checked', verdict: accepted, confirmMs: 180_000 },
    at,
  ]),
];
const refused = (cause: 'credential_rejected' | 'owner_inactive', at: Date): [HealthEvent, Date] => [
  { kind: 'serving_checked', verdict: { kind: 'refused', cause }, confirmMs: 180_000 },
  at,
];
const warned = (at: Date): [HealthEvent, Date] => [
  { kind: 'serving_checked', verdict: { kind: 'accepted', warnings: ['no_fax_line'] }, confirmMs: 180_000 },
  at,
];
const unanswered = (at: Date): [HealthEvent, Date] => [
  { kind: 'serving_checked', verdict: { kind: 'inconclusive', cause: 'ringcentral_unavailable' }, confirmMs: 0 },
  at,
];

type Row = {
  what: string;
  events: [HealthEvent, Date][];
  by?: Date;
  expiresAt?: Date;
  method?: Method;
  isAppRejected?: true;
  intervalMs?: number;
  is: Verdict;
};

const inTwelve = hours(12);
const unknown = (reason: Extract<Verdict, { kind: 'unknown' }>['reason']): Verdict => ({ kind: 'unknown', reason });
const go: Verdict = { kind: 'go' };

/** The run begins 12 hours from now, and evidence is renewed daily, unless a row says otherwise. */
const rows: Row[] = [
  { what: 'evidence that is 48 hours old at the run', events: working(hours(-36)), is: go },
  {
    what: 'evidence that is older than 48 hours at the run',
    events: working(hours(-36.001)),
    is: unknown('evidence_too_old'),
  },
  { what: 'the same evidence for an earlier run', events: working(hours(-36.001)), by: hours(11), is: go },
  { what: 'old evidence that is too old now', events: working(hours(-49)), is: unknown('evidence_too_old') },
  {
    what: 'evidence of 36 hours where it is renewed every 6 hours',
    events: working(hours(-1)),
    intervalMs: 6 * 3_600_000,
    is: unknown('evidence_too_old'),
  },
  {
    what: 'evidence of 6 days where it is renewed every 4',
    events: working(hours(-6 * 24)),
    intervalMs: 4 * DAY_MS,
    is: go,
  },
  {
    what: 'a token of an hour ago for a job, and probes of three days ago',
    events: [...working(hours(-72)), [{ kind: 'minted' }, hours(-1)]],
    is: unknown('evidence_too_old'),
  },
  { what: 'a run in the past: as now', events: working(hours(-47)), by: hours(-100), is: go },
  {
    what: 'a run in the past, with evidence that is too old now',
    events: working(hours(-49)),
    by: hours(-100),
    is: unknown('evidence_too_old'),
  },
  { what: 'a warning: it works', events: working(hours(-9)).concat([warned(hours(-8))]), is: go },
  {
    what: 'no answer at the last check, and fresh evidence before',
    events: [...working(hours(-9)), unanswered(hours(-1))],
    is: go,
  },
  {
    what: 'a credential that expires at the run',
    events: working(hours(-1)),
    expiresAt: inTwelve,
    is: { kind: 'no_go', state: 'healthy', cause: 'credential_expired', fixOwner: 'tenant', since: inTwelve },
  },
  {
    what: 'a sign-in that its account ends at the run',
    events: working(hours(-1)),
    ...{ expiresAt: inTwelve, method: 'authorization_code' },
    is: { kind: 'no_go', state: 'healthy', cause: 'sign_in_again', fixOwner: 'tenant', since: inTwelve },
  },
  { what: 'a credential that expires after the run', events: working(hours(-1)), expiresAt: hours(12.1), is: go },
  {
    what: 'a credential that expired, before a check said so',
    events: working(hours(-1)),
    expiresAt: hours(-0.1),
    is: { kind: 'no_go', state: 'healthy', cause: 'credential_expired', fixOwner: 'tenant', since: hours(-0.1) },
  },
  {
    what: 'a credential that expires before the run, with old evidence',
    events: working(hours(-80)),
    expiresAt: hours(1),
    is: { kind: 'no_go', state: 'unverified', cause: 'credential_expired', fixOwner: 'tenant', since: hours(1) },
  },
  {
    what: 'a credential that expires before the run, and a new paste that is being judged',
    events: [...working(hours(-1)), pasted(hours(-0.1))],
    expiresAt: hours(1),
    is: unknown('not_proved_yet'),
  },
  {
    what: 'an unambiguous refusal',
    events: [...working(hours(-30)), refused('owner_inactive', hours(-3))],
    is: { kind: 'no_go', state: 'failing', cause: 'owner_inactive', fixOwner: 'tenant', since: hours(-3) },
  },
  {
    what: 'an old refusal: it stays a no-go until a check says otherwise',
    events: [...working(hours(-300)), refused('owner_inactive', hours(-200))],
    is: { kind: 'no_go', state: 'failing', cause: 'owner_inactive', fixOwner: 'tenant', since: hours(-200) },
  },
  {
    what: 'a refusal, while RingCentral rejects our app',
    events: [...working(hours(-30)), refused('owner_inactive', hours(-3))],
    isAppRejected: true,
    is: { kind: 'no_go', state: 'failing', cause: 'owner_inactive', fixOwner: 'tenant', since: hours(-3) },
  },
  {
    what: 'a refusal, and a new paste that is being judged',
    events: [...working(hours(-30)), refused('owner_inactive', hours(-3)), pasted(hours(-0.1))],
    is: unknown('not_proved_yet'),
  },
  {
    what: 'one doubtful refusal',
    events: [...working(hours(-1)), refused('credential_rejected', hours(-0.01))],
    is: unknown('refusal_unconfirmed'),
  },
  { what: 'an incident of our app', events: working(hours(-1)), isAppRejected: true, is: unknown('app_incident') },
  {
    what: 'an incident of our app, and one doubtful refusal',
    events: [...working(hours(-1)), refused('credential_rejected', hours(-0.01))],
    isAppRejected: true,
    is: unknown('app_incident'),
  },
  {
    what: 'a clinic that never connected',
    events: [],
    is: { kind: 'no_go', state: 'not_connected', cause: null, fixOwner: 'tenant', since: hours(-2000) },
  },
  { what: 'a first paste that is being judged', events: [pasted(hours(-1))], is: unknown('not_proved_yet') },
  {
    what: 'a first paste that got no answer yet',
    events: [pasted(hours(-1)), judged({ kind: 'inconclusive', cause: 'unreachable' }, true, hours(-0.5))],
    is: unknown('not_proved_yet'),
  },
  {
    what: 'a first paste that waits for the end of an incident of our app',
    events: [pasted(hours(-1))],
    isAppRejected: true,
    is: unknown('app_incident'),
  },
  {
    what: 'a first paste that was refused and is kept',
    events: [pasted(hours(-2)), judged({ kind: 'refused', cause: 'app_not_permitted' }, true, hours(-1))],
    is: { kind: 'no_go', state: 'pending', cause: 'app_not_permitted', fixOwner: 'tenant', since: hours(-2) },
  },
  {
    what: 'an account that waits for the approval of staff',
    events: [pasted(hours(-2)), judged({ kind: 'refused', cause: 'account_shared' }, true, hours(-1))],
    is: { kind: 'no_go', state: 'pending', cause: 'account_shared', fixOwner: 'isv', since: hours(-2) },
  },
  {
    what: 'a first paste that was refused and destroyed',
    events: [pasted(hours(-2)), judged({ kind: 'refused', cause: 'credential_damaged' }, false, hours(-1))],
    is: { kind: 'no_go', state: 'not_connected', cause: 'credential_damaged', fixOwner: 'tenant', since: hours(-1) },
  },
  {
    what: 'a working credential, and a new paste that was refused',
    events: [
      ...working(hours(-5)),
      pasted(hours(-2)),
      judged({ kind: 'refused', cause: 'app_not_permitted' }, true, hours(-1)),
    ],
    is: go,
  },
];

describe('whether a run will get a token for a clinic', () => {
  it.each(rows)(
    '$what',
    ({ events, by = inTwelve, expiresAt = null, method = 'jwt', isAppRejected = false, intervalMs = DAY_MS, is }) => {
      const evidence = { health: healthOf(...events), expiresAt, method };
      expect(verdictFor(evidence, { now, by, intervalMs, isAppRejected })).toEqual(is);
    },
  );
});
