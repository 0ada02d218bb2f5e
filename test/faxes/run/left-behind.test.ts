import { leftBehind } from '../../../src/faxes/run/left-behind.js';
import type { ClinicResult } from '../../../src/faxes/run/clinic-pull.js';
import { leftJsonLines, notesOf, totalLine } from '../../../src/faxes/run/run-summary.js';
import { line } from '../model-mailbox.js';
import { Bench } from '../support.js';
import { aLineResult } from './a-line-result.js';

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.remove());

const clinic = (more: Partial<ClinicResult> = {}): ClinicResult => ({
  externalRef: 'clinic-1',
  problem: null,
  fixOwner: null,
  isExpected: false,
  lines: [],
  shared: [],
  notReported: null,
  ...more,
});
const other = { ...line, extensionId: '7', externalRef: 'clinic-2' };

it.each<[string, ClinicResult[], string]>([
  ['its clinic no longer has it read', [clinic({ lines: [aLineResult('clinic-1')] })], 'line_not_read'],
  ['its clinic is no longer connected', [clinic({ problem: 'disconnected', isExpected: true })], 'disconnected'],
  ['its clinic was not pulled', [clinic({ problem: 'credential_rejected' })], 'credential_rejected'],
  ['its clinic is no longer in the portal', [], 'clinic_unknown'],
])('names faxes that are not there on a line that was not read, because %s', async (_why, results, problem) => {
  bench.mailbox.add({ id: '5', attachments: [] });
  await bench.pull();
  const left = leftBehind(await bench.set(), results, undefined);
  expect(leftJsonLines(left).map((text) => JSON.parse(text) as unknown)).toEqual([
    {
      external_ref: 'clinic-1',
      extension_id: '63304567004',
      pending: 1,
      failed: 0,
      lost: 0,
      gaps: 0,
      oldest_pending_at: '2026-11-30T02:00:00.000Z',
      oldest_failed_at: null,
      problem,
    },
  ]);
  expect(JSON.parse(totalLine(results, left, bench.now()))).toMatchObject({ pending: 0, not_read_pending: 1 });
  expect(notesOf(results, left)).toContain('faxes that are not there, on lines that were not read: 1');
});

it('names no line that was read, has all its faxes, or is of a clinic that was not asked for', async () => {
  bench.mailbox.add({ id: '5', attachments: [] });
  await bench.pull();
  bench.mailbox.messages = [];
  bench.mailbox.add({ id: '6' });
  await bench.pull({}, other);
  const set = await bench.set();
  const read = { ...aLineResult('clinic-1'), line };
  expect(leftBehind(set, [clinic({ lines: [read] })], undefined)).toEqual([]);
  expect(leftBehind(set, [], 'clinic-2')).toEqual([]);
  expect(leftBehind(set, [], 'clinic-1')).toHaveLength(1);
});
