import type * as decayDrill from './decay-drill.js';
import type * as sessionDrill from './session-drill.js';
import type * as sweepDrill from './sweep-drill.js';
import type * as watchDrill from './watch-drill.js';
import { withPlanted, type Patch } from '../source-copy.js';

const service = 'src/tokens/token-service.ts';
const bestToken = 'src/tokens/best-token.ts';
const keeper = 'src/tokens/ringcentral-sessions.ts';
const limit = 'src/tokens/ringcentral-session-limit.ts';
const tokenStore = 'src/tokens/access-token-store.ts';
const runner = 'src/connections/checks/check-runner.ts';
const judgement = 'src/connections/checks/check-judgement.ts';
const worker = 'src/connections/checks/check-worker.ts';
const policy = 'src/ringcentral/auth-budget/auth-budget-policy.ts';
const everybodyIsTried: Patch[] = [
  { file: worker, find: 'if (paceMs !== null) rest(list, world.now().getTime() + paceMs);', replace: '' },
  { file: worker, find: 'rest(list, ran.noRoomBefore.getTime());', replace: '' },
];

/** The defects that each drill of the watch must detect. */
export const watchPlants = {
  'app-secret': {
    'a fault of our app counts as a failure of every clinic': [
      {
        file: judgement,
        find: 'if (ourAppIncident(proof) !== null)',
        replace: 'if (false)',
      },
    ],
    'every clinic makes its own call': [
      {
        file: runner,
        find: "if (typeof mayAsk === 'object') {",
        replace: 'if (false) {',
      },
    ],
  },
  'missing-scope': {
    'a scope that our app lacks counts as a failure of every clinic': [
      {
        file: judgement,
        find: "return verdict.cause === causeOfOurApp.scope && scopes !== 'held' ? 'scope' : null;",
        replace: 'return null;',
      },
    ],
  },
  revoked: {
    'a suspicion is confirmed only the next day': [
      { file: 'src/connections/checks/schedule.ts', find: 'if (checked.suspectSince) {', replace: 'if (false) {' },
    ],
  },
  transients: {
    'an outage counts as a refusal': [
      {
        file: 'src/ringcentral/clients/classify-answer.ts',
        find: 'status >= 500 || status < 200',
        replace: 'status < 200',
      },
    ],
  },
  decays: {
    'a lower limit that RingCentral names is ignored': [
      {
        file: 'src/ringcentral/auth-budget/auth-budget-reader.ts',
        find: 'const isLower = facts.limit >= 1 && facts.limit < limits.perMinute;',
        replace: 'const isLower = false;',
      },
    ],
    'no one is reminded on the last day': [
      {
        file: 'src/connections/health/expiry-schedule.ts',
        find: 'reminderDays = [30, 14, 7, 3, 1]',
        replace: 'reminderDays = [30, 14, 7, 3]',
      },
    ],
    'people who were told of a failure are not told of the recovery': [
      {
        file: 'src/connections/health/connection-writer.ts',
        find: "if (closed && state !== 'disconnected') await notices.recovered(trx, closed, tenantId);",
        replace: '',
      },
    ],
    'a mail server that is away for a day loses the mail': [
      {
        file: 'src/platform/outbox.ts',
        find: '&& retryIn !== undefined',
        replace: '&& retryIn !== undefined && row.attempts < 4',
      },
    ],
  },
  sweep: {
    "the window is exactly RingCentral's": [
      { file: policy, find: 'WINDOW_MS = 62_000', replace: 'WINDOW_MS = 60_000' },
    ],
    'the daily round makes its calls at once, and uses the slot reserved for people': [
      { file: policy, find: 'newest + windowMs / shareOf(limit)', replace: '-Infinity' },
      { file: policy, find: 'Math.max(1, limit - 1)', replace: 'limit' },
      ...everybodyIsTried.slice(0, 1),
    ],
    'people wait in the list of the daily round': [
      {
        file: runner,
        find: "lane: personWaits(request.priority) ? 'interactive' : 'background'",
        replace: "lane: 'background'",
      },
    ],
    'the daily round gets every second slot': [
      { file: policy, find: 'newest + windowMs / shareOf(limit)', replace: 'newest + (2 * windowMs) / shareOf(limit)' },
    ],
    'all due checks are tried, although no slot is free': everybodyIsTried,
  },
  sessions: {
    'a mint for each request': [
      {
        file: service,
        find: 'if (best && isEnough(wanted, best)) {',
        replace: 'if (best && isEnough(wanted, best) && round > 0) {',
      },
      { file: service, find: 'world.now())?.isFresh) return {', replace: 'world.now())?.isFresh && false) return {' },
      { file: bestToken, find: 'fresh.find(({ isIssued }) => isIssued) ?? fresh[0]', replace: 'fresh[0]' },
    ],
    'each process keeps its own token': [
      {
        file: service,
        find: 'const inMs = (ms: number)',
        replace: 'const own = new Set<string>();\n  const inMs = (ms: number)',
      },
      { file: service, find: 'one.ownerId === ownerId &&', replace: 'one.ownerId === ownerId && own.has(one.id) &&' },
      {
        file: service,
        find: 'return landedOf(',
        replace: "if (minted.kind === 'minted') own.add(minted.session.id);\n    return landedOf(",
      },
    ],
    'a token is kept to the last second': [
      { file: 'src/tokens/refresh/obtained.ts', find: ' - Math.min(MARGIN_MS, lifeMs / 10)', replace: '' },
    ],
    'sessions are not counted': [
      { file: limit, find: "if (!oldest) return { kind: 'room' };", replace: "if (now) return { kind: 'room' };" },
    ],
    'sessions are counted for each tenant': [
      {
        file: keeper,
        find: 'const room = roomFor(sessions, now);',
        replace: 'const room = roomFor(sessions.filter((one) => one.tenantId === tenantId), now);',
      },
    ],
    'a token that RingCentral may have ended is issued': [
      { file: limit, find: 'return younger.length < MOST_SESSIONS;', replace: 'return true;' },
    ],
    'a session that a job uses is ended for a check': [
      {
        file: tokenStore,
        find: 'row.serves_until !== null && row.issued_at === null',
        replace: 'row.serves_until !== null',
      },
      { file: tokenStore, find: ".whereNull('issued_at');", replace: ';' },
    ],
  },
} satisfies Record<string, Record<string, Patch[]>>;

/** The decays in which the drill detects each defect. */
export const detectedBy: Record<string, readonly string[]> = {
  'a lower limit that RingCentral names is ignored': [
    'expiry at 68 years',
    'owner disabled',
    'our ID removed from its list',
    'account suspended',
    'budget halved',
  ],
  'no one is reminded on the last day': ['expiry chosen'],
  'people who were told of a failure are not told of the recovery': ['owner disabled'],
  'a mail server that is away for a day loses the mail': ['mail server down for a day'],
};

export type WatchModules = typeof watchDrill & typeof decayDrill & typeof sweepDrill & typeof sessionDrill;

/** Runs a drill on a copy of the sources with the defect. */
export const withPlant = <Result>(patches: Patch[], run: (modules: WatchModules) => Promise<Result>): Promise<Result> =>
  withPlanted(
    patches,
    ['watch-drill', 'decay-drill', 'sweep-drill', 'session-drill'].map((name) => `watch/${name}`),
    run,
  );
