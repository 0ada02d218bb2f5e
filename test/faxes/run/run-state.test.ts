import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { documentedLimits } from '../../../src/faxes/calls/user-limits.js';
import { openRunState } from '../../../src/faxes/run/run-state.js';

let folder: string;
let at: number;
let up: number;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-run-'));
  at = Date.parse('2026-11-30T01:00:00.000Z');
  up = 1e9;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = () => openRunState({ folder, now: () => new Date(at), uptime: () => up });
const owner = '63304567004';
const spent = { ...documentedLimits, spent: [{ kind: 'list' as const, agoMs: 10_000 }] };

it('begins with the documented limits and no wait', () => {
  const state = open();
  expect(state.limits.recall(owner)).toEqual(documentedLimits);
  state.close();
});

it('tells the next run how far the limits are spent, and lets the time between count', () => {
  const first = open();
  first.limits.recall(owner);
  first.limits.keep(owner, spent, true);
  first.close();
  at += 5000;
  up += 5000;
  const second = open();
  expect(second.limits.recall(owner).spent).toEqual([{ kind: 'list', agoMs: 15_000 }]);
  second.close();
});

it.each([
  ['was set an hour ahead', 3_600_000, 1e9 + 1000, 11_000],
  ['was set an hour back', -3_600_000, 1e9 + 1000, 10_000],
  ['says a minute, after a start of the machine', 60_000, 30_000, 40_000],
  ['says a second, on another machine', 1000, 5e9, 11_000],
])('counts no more time than has passed by both clocks, when the clock %s', (_what, move, upThen, agoMs) => {
  const first = open();
  first.limits.recall(owner);
  first.limits.keep(owner, { ...spent, silentMs: 600_000 }, true);
  first.close();
  at += move;
  up = upThen;
  const second = open();
  expect(second.limits.recall(owner)).toMatchObject({ spent: [{ kind: 'list', agoMs }], silentMs: 610_000 - agoMs });
  second.close();
});

it('is silent for one window after a kill, however the clock was set', () => {
  const first = open();
  first.limits.recall(owner);
  first.close(); // what the kernel does for a process that was killed
  for (const move of [0, -3_600_000, 3_600_000]) {
    at += move;
    const next = open();
    expect(next.limits.recall(owner)).toMatchObject({ spent: [], silentMs: 61_000 });
    next.close();
  }
});

it('keeps a penalty that is longer than a window over a kill', () => {
  const first = open();
  first.limits.recall(owner);
  first.limits.keep(owner, { ...spent, silentMs: 600_000 }, false);
  first.close();
  at += 60_000;
  up += 60_000;
  const second = open();
  expect(second.limits.recall(owner).silentMs).toBe(540_000);
  second.close();
});

it('is silent for every user if its file is damaged', () => {
  open().close();
  writeFileSync(join(folder, '.latchkey', 'run.db'), 'x'.repeat(8192));
  const state = open();
  expect(state.limits.recall(owner).silentMs).toBe(61_000);
  state.close();
});

it('knows which clinic came last', () => {
  const first = open();
  expect(first.lastClinic()).toBeNull();
  first.setLastClinic('EHR-1');
  first.setLastClinic('EHR-2');
  first.close();
  const second = open();
  expect(second.lastClinic()).toBe('EHR-2');
  second.close();
});

it('keeps its file for the user only', () => {
  open().close();
  expect(statSync(join(folder, '.latchkey', 'run.db')).mode & 0o777).toBe(0o600);
});
