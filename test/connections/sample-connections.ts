import type { PageFacts } from '../../src/connections/pages/cause-page.js';
import { emptyConnection } from '../../src/connections/health/connection-store.js';
import { fixOwnerOf, keepsPaste, type Cause } from '../../src/connections/health/causes.js';
import type { Check } from '../../src/connections/health/check-types.js';
import type { ConnectionView, Past, RetiredView } from '../../src/connections/connection-view.js';
import type { FaxLine } from '../../src/connections/proof/fax-line-store.js';
import { nextHealth, shownHealth, type Health, type HealthEvent } from '../../src/connections/health/health.js';
import type { Credential } from '../../src/credentials/credential-types.js';
import type { FaxReport, ReportedLine } from '../../src/fax-reports/fax-report-types.js';
import { fetchedUpTo, nothingYet, withRun, type Recent } from '../../src/fax-reports/mailbox.js';
import { memberPaths } from '../../src/tenants/journey.js';
import { english } from '../../src/texts/texts.js';

export const now = new Date('2026-11-21T21:05:00Z');
export const minutes = (count: number): Date => new Date(now.getTime() + count * 60_000);
const DAY = 24 * 60;
const confirmMs = 180_000;

export const facts: PageFacts = {
  t: english,
  clock: { now, timeZone: 'America/Denver', language: 'en' },
  tenantId: 'north',
  tenantName: 'Riverside Family Clinic',
  paths: memberPaths('north'),
  isv: {
    clientId: 'aB3dE5fG7hJ9kL1mN2pQ4r',
    appName: 'Northwind Fax Reader',
    isvName: 'Northwind Records',
    consoleUrl: 'https://developers.ringcentral.com',
    supportEmail: 'help@northwind.example',
  },
};

const line = (extensionId: string, name: string, more: Partial<FaxLine> = {}): FaxLine => ({
  extensionId,
  name,
  extensionNumber: extensionId.slice(-3),
  type: 'FaxUser',
  selected: true,
  listed: true,
  readable: 'yes',
  cause: null,
  probedAt: minutes(-20),
  ...more,
});

export const lines: FaxLine[] = [
  line('63304567801', 'Front desk fax'),
  line('63304567802', 'Laboratory results'),
  line('63304567803', 'Dr. Ana Ruiz', { selected: false, readable: null, type: 'User', probedAt: null }),
  line('63304567804', 'Billing', { listed: false }),
  line('63304567805', 'Night line', { readable: null, probedAt: null }),
];

/** The lines after a refusal for one of them. */
const someUnreadable = lines.map((it, index): FaxLine => {
  if (index === 1) return { ...it, readable: 'no', cause: 'extension_not_visible' };
  return index === 3 ? { ...it, listed: true, readable: 'unknown', cause: 'ringcentral_unavailable' } : it;
});

export const credential = (id: string, more: Partial<Credential> = {}): Credential => ({
  id,
  tenantId: 'north',
  method: 'jwt',
  status: 'active',
  fingerprint: 'f'.repeat(64),
  clientId: null,
  submittedBy: 'ann',
  submittedAt: minutes(-60),
  expiresAt: null,
  environment: 'production',
  keptUntil: null,
  remindAt: null,
  destroyedAt: null,
  destroyedBecause: null,
  retirement: null,
  ...more,
});

export const check = (cause: Cause | null, more: Partial<Check> = {}): Check => ({
  id: 'check',
  credentialId: 'one',
  trigger: 'submission',
  verdict: cause === null ? 'accepted' : 'refused',
  cause,
  warnings: [],
  detail: cause === null ? {} : { codes: ['OAU-473'], requestId: '8f1c0d6e-2f0c-11f0-9a30-005056ba0000', step: 'mint' },
  startedAt: minutes(-21),
  finishedAt: minutes(-20),
  ...more,
});

const runAt = minutes(-18 * 60);
const nothing = { listed: 0, fetched: 0, pending: 0, failed: 0, lost: 0, gaps: 0 };
/** A line at the last run; one run before, its mailbox held `before` messages. */
const reported = (extensionId: string, messages: number, before: number, more: Partial<ReportedLine> = {}) => ({
  extensionId,
  completedAt: runAt,
  ...nothing,
  oldestPendingAt: null,
  oldestFailedAt: null,
  mailboxMessages: messages,
  recent: [
    [before, minutes(-42 * 60)],
    [messages, runAt],
  ].reduce(
    (recent, [count, at]) => withRun(recent, { at: at as Date, messages: count as number, hasNew: true }),
    nothingYet,
  ),
  ...more,
});
/** New faxes on five days in a row, and none in the nine days up to the last run. */
const quiet: Recent = [-14, -13, -12, -11, -10].reduce(
  (recent, day) => withRun(recent, { at: minutes(day * DAY), messages: 12, hasNew: true }),
  nothingYet,
);
const aReport = (...of: ReportedLine[]): FaxReport => ({
  completedAt: runAt,
  fetchedAt: fetchedUpTo(
    of.map(({ extensionId }) => extensionId),
    of,
  ),
  lines: of,
});
const [front = '', laboratory = '', , billing = '', night = ''] = lines.map(({ extensionId }) => extensionId);
const others = [reported(billing, 3, 3), reported(night, 1, 1)];

const saidAt = { at: minutes(-3), by: 'ann' };
const triedAt = (answer: 'works' | 'refused' | 'unclear', cause: string | null = null) => ({
  at: minutes(-2),
  answer,
  cause,
});

/** A JWT that was replaced five hours ago, in each state that its page knows. */
export const retiredOnes: [string, RetiredView][] = (
  [
    ['open', {}, {}],
    ['trying', { saidDeleted: saidAt }, { trying: true, nextTryAt: minutes(0) }],
    ['works', { saidDeleted: saidAt, tried: triedAt('works') }, { nextTryAt: minutes(DAY - 2) }],
    ['refused', { saidDeleted: saidAt, tried: triedAt('refused', 'credential_rejected') }, { nextTryAt: minutes(1) }],
    ['unclear', { saidDeleted: saidAt, tried: triedAt('unclear', 'unreachable') }, { nextTryAt: minutes(1) }],
    ['later', { saidDeleted: saidAt }, { nextTryAt: minutes(9) }],
    ['dead', { saidDeleted: saidAt, tried: triedAt('refused', 'credential_rejected'), provedDeadAt: minutes(-2) }, {}],
    ['unproved', {}, {}],
  ] as const
).map(([name, retirement, more]) => {
  const isGone = name === 'dead' || name === 'unproved';
  const old = credential('old', {
    status: isGone ? 'destroyed' : 'retired',
    submittedAt: minutes(-90 * DAY),
    keptUntil: isGone ? null : minutes(7 * DAY - 300),
    destroyedAt: isGone ? minutes(-2) : null,
    destroyedBecause: isGone ? (name === 'dead' ? 'proved_dead' : 'not_proved_dead') : null,
    retirement: {
      at: minutes(-300),
      because: 'replaced',
      saidDeleted: null,
      tried: null,
      refusedSince: null,
      provedDeadAt: null,
      appWorkedAt: null,
      ...retirement,
    },
  });
  return [name, { credential: old, nextTryAt: null, trying: false, ...more }];
});

/** What the fax pull reported, from nothing wrong to everything wrong. */
export const faxReports: Record<'good' | 'filling' | 'full' | 'quiet' | 'left', FaxReport> = {
  good: aReport(reported(front, 42, 40), reported(laboratory, 7, 9), ...others),
  filling: aReport(reported(front, 160, 152), reported(laboratory, 7, 9), ...others),
  full: aReport(reported(front, 215, 180), reported(laboratory, 199, 180), ...others),
  quiet: aReport(reported(front, 42, 40), reported(laboratory, 12, 12, { recent: quiet }), ...others),
  left: aReport(
    reported(front, 42, 40, {
      pending: 2,
      failed: 1,
      lost: 3,
      gaps: 1,
      oldestPendingAt: minutes(-20 * 60),
      oldestFailedAt: minutes(-50 * 60),
    }),
    reported(laboratory, 7, 9, { completedAt: minutes(-42 * 60), mailboxMessages: null, recent: nothingYet }),
    ...others,
  ),
};

type Given = {
  events?: [HealthEvent, Date][];
  view?: Partial<ConnectionView>;
  connected?: boolean;
  checks?: Check[];
};
/** Thirty days before the connection existed, then healthy except for four failing days. */
export const aPast: Past = {
  days: Array.from({ length: 90 }, (_, index) => ({
    day: minutes((index - 89) * DAY)
      .toISOString()
      .slice(0, 10),
    shown:
      index < 30
        ? null
        : index >= 70 && index < 74
          ? { state: 'failing', cause: 'owner_inactive' }
          : { state: 'healthy', cause: null },
  })),
  incidents: [
    {
      id: 'trouble',
      kind: 'connection',
      subject: 'north',
      tenantId: 'north',
      cause: 'owner_inactive',
      codes: [],
      openedAt: minutes(-19 * DAY),
      probedAt: null,
      closedAt: minutes(-15 * DAY),
      closing: { how: 'check', by: 'alice' },
    },
  ],
};

export type Sample = { view: ConnectionView; checks: Check[] };

const identity = {
  ownerId: '63304567004',
  accountId: '37439510',
  ownerName: 'Fax Integration',
  ownerExtensionNumber: '901',
  accountName: 'Riverside Family Clinic',
};

export function aSample({ events = [], view = {}, connected = false, checks = [] }: Given): Sample {
  const empty = emptyConnection('north', minutes(-90 * DAY));
  const health = events.reduce<Health>((at, [event, when]) => nextHealth(at, event, when.toISOString()), empty.health);
  const connection = {
    ...empty,
    health,
    checkedAt: checks[0]?.finishedAt ?? (connected ? minutes(-20) : null),
    connectedAt: connected ? minutes(-90 * DAY) : null,
    identity: connected ? identity : null,
  };
  return {
    view: {
      connection,
      shown: shownHealth(health, now, DAY * 60_000),
      active: connected ? credential('one') : null,
      pending: null,
      unconfirmed: null,
      lastMethod: 'jwt',
      lines: connected ? lines : [],
      faxReport: null,
      nextCheckAt: null,
      checking: false,
      inWaitingList: false,
      trouble: null,
      ownerChange: null,
      renewal: null,
      retired: [],
      ...view,
    },
    checks,
  };
}

const submitted: HealthEvent = { kind: 'submitted', keptUntil: minutes(7 * DAY).toISOString() };
const judged = (cause: Cause): HealthEvent => {
  const transient = ['ringcentral_unavailable', 'rate_limited', 'unreachable', 'owner_locked'].includes(cause);
  const verdict = { kind: transient ? ('inconclusive' as const) : ('refused' as const), cause };
  return { kind: 'pending_judged', verdict, kept: transient || keepsPaste(cause) };
};
const accepted = (...warnings: Cause[]): HealthEvent => ({
  kind: 'pending_judged',
  verdict: { kind: 'accepted', warnings },
  kept: false,
});
const pendingOne = credential('one', { status: 'pending', keptUntil: minutes(7 * DAY) });
const pendingTwo = credential('two', { status: 'pending', keptUntil: minutes(7 * DAY) });

/** A paste that RingCentral answered with this cause; kept or destroyed as the table of causes says. */
export function refusedPaste(cause: Cause): Sample {
  const kept = fixOwnerOf(cause) === 'nobody' || keepsPaste(cause);
  const probed = cause === 'extension_not_visible';
  const detail = {
    ...check(cause).detail,
    ...(probed ? { extensionId: '63304567802' } : {}),
    ...(cause === 'permission_missing' ? { permission: 'ReadMessages' } : {}),
  };
  return aSample({
    events: [
      [submitted, minutes(-21)],
      [judged(cause), minutes(-20)],
    ],
    view: kept ? { pending: pendingOne, nextCheckAt: minutes(10), lines: probed ? someUnreadable : [] } : {},
    checks: [check(cause, { detail })],
  });
}

/** A connection that worked and was then refused. */
export const broken = (cause: Cause): Sample =>
  aSample({
    connected: true,
    events: [
      [submitted, minutes(-90 * DAY)],
      [accepted(), minutes(-90 * DAY)],
      [{ kind: 'serving_checked', verdict: { kind: 'refused', cause }, confirmMs }, minutes(-23 * 60)],
      [{ kind: 'serving_checked', verdict: { kind: 'refused', cause }, confirmMs }, minutes(-22 * 60)],
    ],
    view: { nextCheckAt: minutes(90) },
    checks: [check(cause, { trigger: 'confirmation', finishedAt: minutes(-22 * 60) })],
  });

const ownerChange: NonNullable<ConnectionView['ownerChange']> = {
  id: 'change',
  kinds: ['status', 'type', 'admin', 'roles'],
  before: { status: 'Enabled', type: 'User', admin: true, roles: [{ id: '1', name: 'Super Admin' }] },
  now: { status: 'Frozen', type: 'DigitalUser', admin: false, roles: [{ id: '10017', name: null }] },
  seenAt: minutes(-200),
};
const withOwnerChange = ({ view, checks }: Sample): Sample => ({ view: { ...view, ownerChange }, checks });

const working: [HealthEvent, Date][] = [
  [submitted, minutes(-90 * DAY)],
  [accepted(), minutes(-90 * DAY)],
  [{ kind: 'serving_checked', verdict: { kind: 'accepted', warnings: [] }, confirmMs }, minutes(-20)],
];
const planned = { nextCheckAt: minutes(23 * 60) };

const failing = broken('credential_rejected');

export const samples: Record<string, Sample> = {
  not_connected: aSample({}),
  checking: aSample({
    events: [[submitted, minutes(0)]],
    view: { pending: pendingOne, checking: true, nextCheckAt: now },
  }),
  turn: aSample({ events: [[submitted, minutes(-1)]], view: { pending: pendingOne, nextCheckAt: minutes(2) } }),
  kept: refusedPaste('app_not_permitted'),
  kept_line: refusedPaste('extension_not_visible'),
  kept_isv: refusedPaste('account_shared'),
  retry: refusedPaste('ringcentral_unavailable'),
  refused: refusedPaste('credential_rejected'),
  healthy: aSample({ connected: true, events: working, view: planned, checks: [check(null, { trigger: 'schedule' })] }),
  checking_healthy: aSample({ connected: true, events: working, view: { checking: true, nextCheckAt: now } }),
  warning: aSample({
    connected: true,
    events: [
      ...working,
      [{ kind: 'serving_checked', verdict: { kind: 'accepted', warnings: ['expires_soon'] }, confirmMs }, minutes(-20)],
    ],
    view: { ...planned, active: credential('one', { expiresAt: minutes(11 * DAY) }) },
  }),
  no_line: aSample({
    connected: true,
    events: [
      ...working,
      [{ kind: 'serving_checked', verdict: { kind: 'accepted', warnings: ['no_fax_line'] }, confirmMs }, minutes(-20)],
    ],
    view: { ...planned, lines: lines.map((it) => ({ ...it, selected: false })) },
  }),
  owner_changed: aSample({
    connected: true,
    events: working,
    view: { ...planned, ownerChange },
    checks: [check(null, { trigger: 'schedule' })],
  }),
  failing_owner_changed: withOwnerChange(broken('owner_inactive')),
  failing,
  failing_kept: broken('app_not_permitted'),
  fetched: aSample({ connected: true, events: working, view: { ...planned, faxReport: faxReports.good } }),
  mailbox_filling: aSample({
    connected: true,
    events: [...working, [{ kind: 'mailboxes_counted', filling: true }, minutes(-18 * 60)]],
    view: { ...planned, faxReport: faxReports.filling },
  }),
  mailbox_full: aSample({
    connected: true,
    events: [...working, [{ kind: 'mailboxes_counted', filling: true }, minutes(-18 * 60)]],
    view: { ...planned, faxReport: faxReports.full },
  }),
  quiet_line: aSample({ connected: true, events: working, view: { ...planned, faxReport: faxReports.quiet } }),
  faxes_left: aSample({ connected: true, events: working, view: { ...planned, faxReport: faxReports.left } }),
  failing_fetched: { ...failing, view: { ...failing.view, faxReport: faxReports.filling } },
  suspect: aSample({
    connected: true,
    events: [
      ...working,
      [{ kind: 'serving_checked', verdict: { kind: 'refused', cause: 'credential_rejected' }, confirmMs }, minutes(-3)],
    ],
    view: { nextCheckAt: minutes(0.5) },
    checks: [check('credential_rejected')],
  }),
  unanswered: aSample({
    connected: true,
    events: [
      ...working,
      [
        { kind: 'serving_checked', verdict: { kind: 'inconclusive', cause: 'ringcentral_unavailable' }, confirmMs },
        minutes(-1),
      ],
    ],
    view: { nextCheckAt: minutes(1) },
    checks: [check('ringcentral_unavailable', { verdict: 'inconclusive', finishedAt: minutes(-1) })],
  }),
  our_app: aSample({
    connected: true,
    events: [
      ...working,
      [{ kind: 'serving_checked', verdict: { kind: 'inconclusive', cause: 'scope_missing' }, confirmMs }, minutes(-1)],
    ],
    view: { nextCheckAt: minutes(9) },
    checks: [check('scope_missing', { verdict: 'inconclusive', finishedAt: minutes(-1) })],
  }),
  line_chosen: aSample({
    connected: true,
    events: [
      ...working,
      [{ kind: 'serving_checked', verdict: { kind: 'accepted', warnings: ['no_fax_line'] }, confirmMs }, minutes(-20)],
    ],
    view: { nextCheckAt: minutes(6) },
  }),
  unverified: aSample({ connected: true, events: working.slice(0, 2), view: { nextCheckAt: minutes(4) } }),
  replacing: aSample({
    connected: true,
    events: [...working, [submitted, minutes(-2)], [judged('app_not_permitted'), minutes(-1)]],
    view: { pending: pendingTwo, nextCheckAt: minutes(9) },
    checks: [check('app_not_permitted', { credentialId: 'two', finishedAt: minutes(-1) })],
  }),
  replacement_refused: aSample({
    connected: true,
    events: [...working, [submitted, minutes(-2)], [judged('credential_damaged'), minutes(-1)]],
    view: planned,
    checks: [check('credential_damaged', { credentialId: 'two', finishedAt: minutes(-1) })],
  }),
  ...Object.fromEntries(
    retiredOnes.map(([name, one]) => [
      `retired_${name}`,
      aSample({
        connected: true,
        events: [
          ...working,
          ...(name === 'works'
            ? [[{ kind: 'old_credentials_tried', alive: true }, minutes(-2)] as [HealthEvent, Date]]
            : []),
        ],
        view: { ...planned, retired: [one] },
      }),
    ]),
  ),
  many_lines: aSample({
    connected: true,
    events: working,
    view: {
      ...planned,
      lines: Array.from({ length: 40 }, (_, index) =>
        line(`633045${67000 + index}`, `Extension with a rather long name ${index}`, {
          selected: index % 10 === 0,
          readable: null,
        }),
      ),
    },
  }),
};
