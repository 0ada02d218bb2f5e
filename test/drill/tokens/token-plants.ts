import type { Patch } from '../source-copy.js';

const call = 'src/tokens/access-token-call.ts';
const audit = 'src/audit/grouped-audit.ts';
const flights = 'src/tokens/token-flight-store.ts';
const service = 'src/tokens/token-service.ts';
const best = 'src/tokens/best-token.ts';
const committed = '      await committed(eventOf(request, current));';

const oneRow: Patch[] = [
  { file: audit, find: 'group.map(({ event }) => event)', replace: 'group.slice(0, 1).map(({ event }) => event)' },
];
const leaseWithoutEnd: Patch[] = [
  {
    file: flights,
    find: "free.whereNull('held_by').orWhere('held_until', '<=', iso(now))",
    replace: "free.whereNull('held_by')",
  },
];

/** Defects that lose an audit row, or all later tokens, if a process dies. */
export const tokenKillPlants: Record<string, Patch[]> = {
  'an audit row is written a moment after the answer': [
    {
      file: call,
      find: committed,
      replace: '      void world.wait(100).then(() => committed(eventOf(request, current))).catch(() => undefined);',
    },
  ],
  'requests that share a commit have one audit row': oneRow,
  'the lease of a dead process does not end': leaseWithoutEnd,
};

/** Defects that show only if a process dies at one step, or its machine sleeps there. */
export const tokenCrashPlants: Record<string, Patch[]> = {
  'the answer does not wait for the commit of its audit row': [
    {
      file: call,
      find: committed,
      replace: '      void committed(eventOf(request, current)).catch(() => undefined);',
    },
  ],
  'audit rows count as written before their commit': [
    { file: audit, find: 'await auditStore(db, world)', replace: 'void auditStore(db, world)' },
  ],
  'requests that share a commit have one audit row': oneRow,
  'the lease of a dead process does not end': leaseWithoutEnd,
  'the life of a token is not read again after the commit': [
    {
      file: call,
      find: 'if (!stillServes(current, minTtlMs)) continue;',
      replace: '',
    },
  ],
};

/** Defects with which RingCentral is asked too often. */
export const tokenCallPlants: Record<string, Patch[]> = {
  'each request renews the token': [
    {
      file: service,
      find: 'if (best && isEnough(wanted, best)) {',
      replace: 'if (best && isEnough(wanted, best) && round > 0) {',
    },
    { file: service, find: 'world.now())?.isFresh) return {', replace: 'world.now())?.isFresh && false) return {' },
    { file: best, find: 'fresh.find(({ isIssued }) => isIssued) ?? fresh[0]', replace: 'fresh[0]' },
  ],
  'a token is renewed too early': [
    { file: best, find: 'const RENEW_MS = 300_000;', replace: 'const RENEW_MS = 900_000;' },
  ],
  'a token is renewed before it lives shorter than a job asks for': [
    {
      file: best,
      find: 'Math.max(minTtlMs, Math.min(RENEW_MS, lifeMs(token) / 4))',
      replace: 'minTtlMs + Math.min(RENEW_MS, lifeMs(token) / 4)',
    },
  ],
};
