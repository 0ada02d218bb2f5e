import type { ClinicResult } from '../../../src/faxes/run/clinic-pull.js';
import { barOf, progressOn } from '../../../src/faxes/run/progress.js';
import { exitCodeOf, jsonLines, nextRunMs, notesOf, totalLine } from '../../../src/faxes/run/run-summary.js';
import { virtualClock } from '../virtual-clock.js';
import { aLineResult } from './a-line-result.js';

const clinic = (more: Partial<ClinicResult> = {}): ClinicResult => ({
  externalRef: 'EHR-1',
  problem: null,
  fixOwner: null,
  isExpected: false,
  lines: [aLineResult('EHR-1')],
  shared: [],
  notReported: null,
  ...more,
});
const refused = clinic({ problem: 'credential_rejected', fixOwner: 'tenant', lines: [] });
const halfListed = aLineResult('EHR-1', { isComplete: false, problem: 'time_over' });
const failing = aLineResult('EHR-1', { failed: 1 });

it('prints one line of JSON for each fax line, and for a clinic without one why', () => {
  expect(jsonLines([clinic(), refused]).map((line) => JSON.parse(line) as unknown)).toEqual([
    {
      external_ref: 'EHR-1',
      extension_id: '3234567890123456789',
      listed: 2,
      new: 1,
      fetched: 1,
      pending: 0,
      failed: 0,
      lost: 0,
      gaps: 0,
      oldest_pending_at: null,
      oldest_failed_at: null,
      fill: 12,
      unusually_quiet: false,
      problem: null,
    },
    { external_ref: 'EHR-1', problem: 'credential_rejected', fix_owner: 'tenant' },
  ]);
});

it('prints a line that another clinic has, too, as a problem of the clinic that did not read it', () => {
  const shared = [{ extensionId: '7', with: 'EHR-2' }];
  const both = clinic({ problem: 'shared_line', shared });
  const printed = [both, { ...both, lines: [] }].map((one) =>
    jsonLines([one]).map((line) => JSON.parse(line) as unknown),
  );
  const line = { external_ref: 'EHR-1', extension_id: '7', problem: 'shared_line', shared_with: 'EHR-2' };
  expect(printed).toEqual([[expect.objectContaining({ fetched: 1, problem: 'shared_line' }), line], [line]]);
  expect(exitCodeOf([both, clinic()])).toBe(1);
});

it('prints the sums of the run, and when the busiest mailbox needs the next one', () => {
  const busy = clinic({ lines: [aLineResult('EHR-2', { fetched: 4, nextRunMinutes: 90 })] });
  expect(JSON.parse(totalLine([clinic(), busy, refused], [], new Date('2026-11-30T02:00:00.000Z')))).toEqual({
    clinics: 3,
    pulled: 2,
    not_pulled: 1,
    new: 2,
    fetched: 5,
    pending: 0,
    failed: 0,
    lost: 0,
    gaps: 0,
    not_read_pending: 0,
    not_read_failed: 0,
    ended_at: '2026-11-30T02:00:00.000Z',
    next_run_at: '2026-11-30T03:30:00.000Z',
  });
  expect(nextRunMs([])).toBe(86_400_000);
});

it.each<[string, ClinicResult[], number]>([
  ['every clinic was pulled', [clinic(), clinic()], 0],
  ['there is no clinic', [], 0],
  ['the other clinics are not connected yet', [clinic(), { ...refused, isExpected: true }], 0],
  ['faxes are lost', [clinic({ lines: [aLineResult('EHR-1', { lost: 3, gaps: 1 })] })], 0],
  ['one clinic was not pulled', [clinic(), refused], 1],
  ['a document failed', [clinic({ lines: [failing] })], 1],
  ['a fax is pending for an hour', [clinic({ lines: [pendingSince('2026-11-30T00:00:00.000Z')] })], 0],
  ['a fax is pending for a day', [clinic({ lines: [pendingSince('2026-11-29T00:00:00.000Z')] })], 1],
  ['no clinic could be pulled', [refused], 2],
  ['no line of any clinic was listed to its end', [clinic({ problem: 'time_over', lines: [halfListed] })], 2],
])('ends with the exit code that says it: %s', (_what, results, code) => {
  expect(exitCodeOf(results)).toBe(code);
});

it('tells a person how many clinics were pulled, why others were not, and where to look', () => {
  const later = clinic({ problem: 'not_connected', isExpected: true, lines: [] });
  const rejected = { ...later, problem: 'credential_rejected' };
  expect(notesOf([clinic(), later, rejected, later, refused])).toEqual([
    '1 of 5 clinics pulled',
    '3 not connected yet, or no longer (not_connected: 2, credential_rejected: 1)',
    '1 not pulled to the end (credential_rejected: 1)',
    'the page /docs/errors/<problem> of the portal explains a problem that the portal names',
  ]);
  expect(notesOf([clinic({ problem: 'folder_ENOSPC', lines: [] })])).toContain(
    'the folder cannot be used: ENOSPC: the disk is full; make room and run the command again',
  );
  expect(notesOf([clinic({ notReported: 'not_found' })])).toContain('the portal did not accept 1 reports: not_found');
});

it('tells a person of faxes that are not there, also when every clinic was pulled', () => {
  const lines = [aLineResult('EHR-1', { failed: 2, gaps: 1 }), aLineResult('EHR-1', { lost: 1, pending: 4, gaps: 2 })];
  expect(notesOf([clinic({ lines })])).toEqual([
    '1 of 1 clinics pulled',
    'faxes that are not there: 2 failed, 1 lost; "faxes status" names them',
    'periods in which a full mailbox may have dropped faxes: 3; "faxes status" names them',
  ]);
});

function pendingSince(oldestPendingAt: string) {
  return aLineResult('EHR-1', { pending: 1, oldestPendingAt });
}

it('draws a bar that fits the terminal', () => {
  const progress = { clinics: 200, done: 50, fetched: 1234, open: 56 };
  expect(barOf(progress, 80)).toBe('[######..................] 50 of 200 clinics, 1234 faxes fetched, 56 to fetch');
  expect(barOf(progress, 30)).toHaveLength(30);
});

it('writes a line a minute where there is no terminal, and redraws one line on a terminal', async () => {
  for (const [columns, expected] of [
    [null, 3],
    [80, 482],
  ] as const) {
    const time = virtualClock();
    const written: string[] = [];
    const progress = progressOn({ columns: () => columns, write: (text) => void written.push(text) }, time.world);
    progress.show({ clinics: 2, done: 1, fetched: 3, open: 0 });
    await time.run(time.world.wait(120_001));
    await time.run(progress.end());
    expect(written.length).toBeGreaterThanOrEqual(expected);
    expect(written.every((text) => /1 of 2 clinics, 3 faxes|0 of 0 clinics|^\n$/.test(text))).toBe(true);
    expect(written.at(-1)?.endsWith('\n')).toBe(true);
  }
});
