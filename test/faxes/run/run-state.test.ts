import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { documentedLimits } from '../../../src/faxes/calls/user-limits.js';
import { openRunState } from '../../../src/faxes/run/run-state.js';

let folder: string;
let at: number;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-run-'));
  at = Date.parse('2026-11-30T01:00:00.000Z');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = () => openRunState({ folder, now: () => new Date(at) });
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
  const second = open();
  expect(second.limits.recall(owner).spent).toEqual([{ kind: 'list', agoMs: 15_000 }]);
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
