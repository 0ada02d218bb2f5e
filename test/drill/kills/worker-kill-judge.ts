import {
  connectionEvents,
  incidentStep,
  type StateAndCause,
} from '../../../src/connections/health/connection-events.js';
import type { Cause } from '../../../src/connections/health/causes.js';
import {
  neverConnected,
  nextHealth,
  shownHealth,
  type Health,
  type Verdict,
} from '../../../src/connections/health/health.js';
import type { SmtpCatcher } from '../../../src/demo/smtp-catcher.js';
import type { Emulator } from '../../../src/emulator/emulator.js';
import type { Knex } from '../../../src/platform/database/database.js';
import { textsIn } from '../../../src/texts/texts.js';

export type WatchedTenant = {
  tenantId: string;
  name: string;
  /** SHA-256 of its JWT in hex */
  fingerprint: string;
  /** whether RingCentral will refuse it when asked */
  isBroken: boolean;
};

export type WatchCounts = {
  checks: number;
  /** claims of a check that were not completed */
  cutShort: number;
  transitions: number;
  mails: number;
  /** of these, mails sent twice, because the worker died before it could record the first delivery */
  sentAgain: number;
};

type CheckRow = {
  tenant_id: string;
  verdict: Verdict['kind'];
  cause: Cause | null;
  warnings: string;
  finished_at: string;
};
type RequestRow = { tenant_id: string; attempts: number; failures: number; finished_at: string | null };
type EventRow = { id: string; tenant_id: string; type: string; data: string };
type IncidentRow = { id: string; tenant_id: string; closed_at: string | null };
type NoticeRow = {
  about: string;
  tenant_id: string;
  kind: string;
  outcome: string;
  error: string | null;
  settled_at: string;
};
type ConnectionRow = { tenant_id: string; state: string; cause: string | null };

/** An interval so long that no evidence becomes outdated during a run. */
const A_YEAR_MS = 365 * 86_400_000;
const CONFIRM_MS = 1000;

async function load(db: Knex) {
  const rowsOf = async <Row>(table: string, order: string) => (await db(table).orderBy(order).select()) as Row[];
  return {
    checks: await rowsOf<CheckRow>('checks', 'finished_at'),
    requests: await rowsOf<RequestRow>('check_requests', 'requested_at'),
    events: (await rowsOf<EventRow>('events', 'nr')).filter(({ type }) => type.startsWith('connection.')),
    incidents: await rowsOf<IncidentRow>('incidents', 'opened_at'),
    notices: await rowsOf<NoticeRow>('notices', 'created_at'),
    connections: await rowsOf<ConnectionRow>('connections', 'tenant_id'),
  };
}
type Rows = Awaited<ReturnType<typeof load>>;

/**
 * Compares events and incidents with the states at one time. If an event or incident is not written together with its
 * state, it is missing for a while, even without kills.
 */
export async function contradictions(db: Knex): Promise<string[]> {
  const of = (table: string) => db(table).whereRaw('?? = ??', [`${table}.tenant_id`, 'connections.tenant_id']);
  const rows: { state: string; told: string | null; open: number | string }[] = await db('connections').select(
    'state',
    of('events').andWhere('type', 'like', 'connection.%').orderBy('nr', 'desc').limit(1).select('type').as('told'),
    of('incidents').whereNull('closed_at').count('id').as('open'),
  );
  return rows.flatMap(({ state, told, open }) => {
    const isFailing = state === 'failing';
    const said: [fits: boolean, problem: string][] = [
      [(told === 'connection.failing') === isFailing, `a connection is ${state} and was told as ${told}`],
      [Number(open) === (isFailing ? 1 : 0), `a connection is ${state} with ${open} incidents`],
    ];
    return said.filter(([fits]) => !fits).map(([, problem]) => problem);
  });
}

/** All broken rules after all work has finished. */
export async function judgeWatch(
  db: Knex,
  tenants: readonly WatchedTenant[],
  { emulator, mail }: { emulator: Pick<Emulator, 'requests' | 'violations'>; mail: Pick<SmtpCatcher, 'messages'> },
): Promise<{ counts: WatchCounts; problems: string[] }> {
  const rows = await load(db);
  const problems = tenants.flatMap((tenant) => {
    const mine = ofTenant(rows, tenant.tenantId);
    return [
      ...checkedOnce(mine, tenant, emulator.requests),
      ...told(mine, tenant),
      ...mailed(mine, tenant, mail.messages()),
    ];
  });
  if (new Set(rows.events.map(({ id }) => id)).size < rows.events.length) problems.push('an event id is there twice');
  if (emulator.violations.length > 0) problems.push(`${emulator.violations.length} calls beyond RingCentral's limit`);
  const unsent = await db('outbox').whereNull('finished_at').select('id');
  if (unsent.length > 0) problems.push(`${unsent.length} messages are not delivered`);
  const caught = mail.messages();
  const counts = {
    checks: rows.checks.length,
    cutShort: sum(rows.requests.map(({ failures, finished_at: at }) => failures - (at === null ? 0 : 1))),
    transitions: rows.events.length,
    mails: caught.length,
    sentAgain: caught.length - new Set(caught.map(({ messageId }) => messageId)).size,
  };
  return { counts, problems };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((one, other) => one + other, 0);

function ofTenant(rows: Rows, tenantId: string): Rows {
  const mine = <Row extends { tenant_id: string }>(list: Row[]) => list.filter((row) => row.tenant_id === tenantId);
  return {
    checks: mine(rows.checks),
    requests: mine(rows.requests),
    events: mine(rows.events),
    incidents: mine(rows.incidents),
    notices: mine(rows.notices),
    connections: mine(rows.connections),
  };
}

/** A request leads to one check, a claim asks RingCentral once, and never two run in parallel. */
function checkedOnce({ checks, requests }: Rows, tenant: WatchedTenant, calls: Emulator['requests']): string[] {
  const problems: string[] = [];
  const finished = requests.filter(({ finished_at: at }) => at !== null).length;
  if (checks.length !== finished) problems.push(`${finished} requests became ${checks.length} checks`);
  if (requests.length !== finished + 1) problems.push(`${requests.length - finished} requests are open`);
  const claims = sum(requests.map(({ attempts }) => attempts));
  const exchanges = calls.filter(({ assertionSha256 }) => assertionSha256 === tenant.fingerprint);
  if (exchanges.length > claims) problems.push(`RingCentral was asked ${exchanges.length} times for ${claims} claims`);
  const overlapping = exchanges.filter(({ arrivedAt }, index) => {
    const before = exchanges[index - 1];
    return before !== undefined && arrivedAt < before.arrivedAt + before.durationMs;
  });
  if (overlapping.length > 0) problems.push('two exchanges of one credential at the same time');
  // A check uses only its own token: a call with an older token after one with a newer token means two parallel
  // checks.
  const extensionIds = new Set(exchanges.flatMap(({ extensionId }) => extensionId ?? []));
  const sessions: string[] = [];
  for (const { extensionId, sessionId, call } of calls) {
    if (call === 'revoke' || sessionId === undefined || !extensionIds.has(extensionId ?? '')) continue;
    if (sessions.at(-1) === sessionId) continue;
    if (sessions.includes(sessionId)) problems.push('two checks of one credential at the same time');
    sessions.push(sessionId);
  }
  const mine = calls.filter(({ extensionId }) => extensionIds.has(extensionId ?? ''));
  if (lineAskedTwice(mine)) problems.push('a line was asked for twice within one check of a credential');
  return problems;
}

/** A check reads the user of the token and then each line once, so two checks that share a token are visible here. */
function lineAskedTwice(calls: Emulator['requests']): boolean {
  let asked = new Set<string>();
  return calls.some(({ path: withQuery }) => {
    const [path = ''] = withQuery.split('?');
    if (path.endsWith('/account/~/extension/~')) asked = new Set();
    if (!path.includes('/message-store')) return false;
    const isAgain = asked.has(path);
    asked.add(path);
    return isAgain;
  });
}

/**
 * Replays the results of the checks: every change they cause must have exactly one event, in order, and no others.
 */
function told({ checks, events, incidents, connections }: Rows, { isBroken }: WatchedTenant): string[] {
  const start = checks[0]?.finished_at ?? '';
  let health: Health = nextHealth(neverConnected(start), { kind: 'submitted', keptUntil: start }, start);
  const shown = (at: string): StateAndCause => shownHealth(health, new Date(at), A_YEAR_MS);
  const expected: string[] = [];
  let opened = 0;
  let isOpen = false;
  for (const { verdict: kind, cause, warnings, finished_at: at } of checks) {
    const before = shown(at);
    const verdict: Verdict =
      kind === 'accepted'
        ? { kind, warnings: JSON.parse(warnings) as Cause[] }
        : { kind, cause: cause ?? 'unclassified' };
    health = nextHealth(
      health,
      health.serving.state === 'none'
        ? { kind: 'pending_judged', verdict, kept: true }
        : { kind: 'serving_checked', verdict, confirmMs: CONFIRM_MS },
      at,
    );
    const after = shown(at);
    expected.push(...connectionEvents(before, after, false).map((event) => `${event.type} ${event.cause}`));
    const step = incidentStep(before, after);
    if (step === 'open') opened += 1;
    if (step !== 'none') isOpen = step === 'open';
  }
  const problems: string[] = [];
  const found = events.map(({ type, data }) => `${type} ${(JSON.parse(data) as { cause: string | null }).cause}`);
  if (found.length < expected.length) problems.push(`${expected.length - found.length} events are lost`);
  else if (found.length > expected.length) problems.push(`${found.length - expected.length} events too many`);
  else if (found.join() !== expected.join()) problems.push(`told ${found.join()} instead of ${expected.join()}`);
  if (incidents.length !== opened) problems.push(`${incidents.length} incidents instead of ${opened}`);
  if (incidents.some(({ closed_at: at }) => at === null) !== isOpen)
    problems.push('an incident is not as its connection');
  const state = connections[0]?.state;
  const last = shown(checks.at(-1)?.finished_at ?? start);
  if (state !== last.state) problems.push(`a connection is ${state} where its checks make it ${last.state}`);
  if (state !== (isBroken ? 'failing' : 'healthy'))
    problems.push(`a clinic that is ${isBroken ? 'broken' : 'well'} is ${state}`);
  return problems;
}

/** One notice and mail per incident to the only member, and another when it is over; each mail has one id. */
function mailed({ incidents, notices }: Rows, { name }: WatchedTenant, caught: ReturnType<SmtpCatcher['messages']>) {
  const problems: string[] = [];
  const texts = textsIn('en').mails;
  for (const kind of ['failing', 'recovered'] as const) {
    const wanted = incidents.filter(({ closed_at: at }) => kind === 'failing' || at !== null);
    const mine = notices.filter((notice) => notice.kind === kind);
    const without = wanted.filter(({ id }) => mine.filter(({ about }) => about === id).length !== 1);
    if (without.length > 0) problems.push(`${without.length} incidents without one notice "${kind}"`);
    const delivered = mine.filter(({ outcome }) => outcome === 'delivered');
    // The delivery of these is unknown: they were outdated before they could be sent again.
    const unanswered = delivered.filter(({ error }) => error === 'unanswered').length;
    const surely = delivered.length - unanswered;
    const named = { isv: 'Example Health', tenant: name };
    const subjects = (['you', 'clinic', 'others'] as const).map((act) => texts[kind].subject({ ...named, act }));
    const ids = new Set(caught.filter((one) => subjects.includes(one.subject)).map(({ messageId }) => messageId)).size;
    if (ids < surely) problems.push(`${surely - ids} mails "${kind}" are lost`);
    if (ids > delivered.length) problems.push(`${ids - delivered.length} mails "${kind}" too many`);
  }
  // A notice may remain unsent only if it was outdated before it could be sent; then its end must not be sent either.
  const ofTroubles = notices.filter(({ kind }) => kind === 'failing' || kind === 'recovered');
  for (const { about, kind, outcome, settled_at: at } of ofTroubles.filter((one) => one.outcome !== 'delivered')) {
    const closedAt = incidents.find(({ id }) => id === about)?.closed_at ?? null;
    const first = notices.find((one) => one.about === about && one.kind === 'failing');
    const isOver = kind === 'failing' ? closedAt !== null && closedAt <= at : first?.outcome === 'not_wanted';
    if (outcome !== 'not_wanted' || !isOver) problems.push(`a notice "${kind}" is ${outcome}`);
  }
  return problems;
}
