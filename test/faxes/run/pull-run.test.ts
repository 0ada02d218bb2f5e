import { setImmediate as turn } from 'node:timers/promises';
import { LatchkeyError, TryLaterError, type PreflightEntry, type TokenAnswer } from '../../../src/client/client.js';
import { rateLimiter } from '../../../src/faxes/calls/rate-limiter.js';
import { RunEnded } from '../../../src/faxes/calls/run-ended.js';
import { documentedLimits } from '../../../src/faxes/calls/user-limits.js';
import { FolderError } from '../../../src/faxes/documents/folder-error.js';
import type { PullLine } from '../../../src/faxes/run/clinic-pull.js';
import { pullRun, type RunProgress } from '../../../src/faxes/run/pull-run.js';
import { tokenSource } from '../../../src/client/token-source.js';
import { aProblem, aToken } from '../../client/stub-portal.js';
import { virtualClock } from '../virtual-clock.js';
import { aLineResult } from './a-line-result.js';

const at = '2026-11-30T01:00:00.000Z';
const extension = '3234567890123456789';
const go = (ref: string): PreflightEntry => ({ verdict: 'go', tenant: `id-${ref}`, external_ref: ref, checked_at: at });
const problemOf = (status: number, cause: string) => {
  const told = aProblem(status, { cause });
  if (told === 'cut') throw new Error('no problem');
  return told.body as ConstructorParameters<typeof LatchkeyError>[1];
};

type Portal = {
  until?: number;
  preflight: PreflightEntry[];
  answers?: Record<string, TokenAnswer | Error>;
  refusesReports?: boolean;
};

/** A run against a portal that is told what to answer. By default each clinic has a token, and one line. */
function aRun(portal: Portal, pullLine: PullLine = (line) => Promise.resolve(aLineResult(line.externalRef))) {
  const time = virtualClock();
  const stop = new AbortController();
  const reports: { tenant: string; report: unknown }[] = [];
  const progress: RunProgress[] = [];
  const order: string[] = [];
  let last: string | null = null;
  let isDiskFull = false;
  const client: Parameters<typeof pullRun>[0]['client'] = {
    // eslint-disable-next-line @typescript-eslint/require-await -- as the client's
    async *preflight() {
      yield* portal.preflight;
    },
    tokens: (tenant) =>
      tokenSource(() => {
        const answer = portal.answers?.[tenant] ?? {
          kind: 'token',
          token: aToken({ owner_id: `1${order.length}`, account_id: `2${order.length}` }),
        };
        order.push(tenant);
        return answer instanceof Error ? Promise.reject(answer) : Promise.resolve({ ...answer, sentAt: time.clock() });
      }, time.clock),
    reportFaxPull: (tenant, report) => {
      if (portal.refusesReports) return Promise.reject(new LatchkeyError(404, problemOf(404, 'not_found')));
      reports.push({ tenant, report });
      return Promise.resolve();
    },
  };
  function setLastClinic(clinic: string): void {
    if (isDiskFull) throw Object.assign(new Error('full'), { code: 'SQLITE_FULL' });
    last = clinic;
  }
  const run = (externalRef?: string) =>
    time.run(
      pullRun({
        client,
        pullLine,
        limiter: rateLimiter({
          clock: time.clock,
          wait: time.world.wait,
          store: { recall: () => documentedLimits, keep: () => undefined },
        }),
        get: () => Promise.resolve({ kind: 'failure', failure: 'network' }),
        world: time.world,
        until: portal.until ?? Infinity,
        signal: stop.signal,
        state: { lastClinic: () => last, setLastClinic: (clinic) => setLastClinic(clinic) },
        onProgress: (one) => void progress.push(one),
        externalRef,
      }),
    );
  return { run, reports, progress, order, stop, lastClinic: () => last, fillDisk: () => (isDiskFull = true) };
}

it('pulls each clinic of which preflight says go, and those it does not know after them', async () => {
  const unknown: PreflightEntry = {
    verdict: 'unknown',
    tenant: 'id-A',
    external_ref: 'A',
    checked_at: null,
    reason: 'never_checked',
  };
  const { run, order } = aRun({ preflight: [unknown, go('C'), go('B')] });
  const results = await run();
  expect(order).toEqual(['id-B', 'id-C', 'id-A']);
  expect(results.map(({ externalRef, problem }) => [externalRef, problem])).toEqual([
    ['A', null],
    ['B', null],
    ['C', null],
  ]);
});

it('asks for no token of a clinic that preflight refuses, and says why and who needs to act', async () => {
  const refused: PreflightEntry = {
    verdict: 'no_go',
    tenant: 'id-A',
    external_ref: 'A',
    state: 'failing',
    cause: 'credential_rejected',
    fix_owner: 'tenant',
    since: at,
    reconnect_url: null,
  };
  const { run, order } = aRun({ preflight: [refused, { ...refused, external_ref: 'B', state: 'not_connected' }] });
  expect(await run()).toMatchObject([
    { externalRef: 'A', problem: 'credential_rejected', fixOwner: 'tenant', isExpected: false, lines: [] },
    { externalRef: 'B', isExpected: true },
  ]);
  expect(order).toEqual([]);
});

it.each<[TokenAnswer | Error, string]>([
  [{ kind: 'fix_needed', by: 'isv', problem: problemOf(409, 'scope_missing') }, 'scope_missing'],
  [{ kind: 'connect_needed', problem: problemOf(409, 'not_connected') }, 'not_connected'],
  [{ kind: 'try_later', at: new Date(at), problem: null }, 'portal_unreachable'],
  [new LatchkeyError(403, problemOf(403, 'forbidden')), 'forbidden'],
  [new TryLaterError(new Date(at), problemOf(503, 'auth_budget')), 'auth_budget'],
])('goes on with the next clinic if one has no token (%#)', async (answer, problem) => {
  const { run } = aRun({ preflight: [go('A'), go('B')], answers: { 'id-A': answer } });
  expect(await run()).toMatchObject([
    { externalRef: 'A', problem, lines: [] },
    { externalRef: 'B', problem: null },
  ]);
});

it('begins with another clinic in each run, and after a run that was stopped with those it did not reach', async () => {
  const clinics = [go('A'), go('B'), go('C')];
  const { run, order, stop } = aRun({ preflight: clinics }, (line) => {
    if (order.length === 8) stop.abort();
    return Promise.resolve(aLineResult(line.externalRef));
  });
  await run();
  await run();
  expect(order).toEqual(['id-A', 'id-B', 'id-C', 'id-B', 'id-C', 'id-A']);
});

it('begins, after a run that was stopped or killed, with the clinics that still waited for their tokens', async () => {
  const waits = new RunEnded('stopped');
  const clinics = { preflight: [go('A'), go('B'), go('C')], answers: { 'id-B': waits, 'id-C': waits } };
  const { run, order, stop, lastClinic } = aRun(clinics, (line) => {
    stop.abort();
    return Promise.resolve(aLineResult(line.externalRef));
  });
  await run();
  expect(order).toEqual(['id-A', 'id-B', 'id-C']);
  expect(lastClinic()).toBe('A'); // B is the next
});

it('reports counts of a clinic whose lines were all read, up to when the first of them was listed', async () => {
  const { run, reports } = aRun({ preflight: [go('A')] }, (line) =>
    Promise.resolve(aLineResult(line.externalRef, { at: '2026-11-30T00:59:00.000Z', pending: 1, oldestPendingAt: at })),
  );
  await run();
  expect(reports).toEqual([
    {
      tenant: 'id-A',
      report: {
        completed_at: '2026-11-30T00:59:00.000Z',
        lines: [
          {
            extension_id: extension,
            listed: 2,
            fetched: 1,
            pending: 1,
            failed: 0,
            lost: 0,
            gaps: 0,
            oldest_pending_at: at,
            oldest_failed_at: null,
            mailbox_messages: 12,
          },
        ],
      },
    },
  ]);
});

it('reports nothing of a clinic with a line that was not read to its end', async () => {
  const { run, reports } = aRun({ preflight: [go('A')] }, (line) =>
    Promise.resolve(aLineResult(line.externalRef, { isComplete: false, problem: 'refused CMN-419' })),
  );
  expect(await run()).toMatchObject([{ problem: 'refused CMN-419' }]);
  expect(reports).toEqual([]);
});

it('reads a line once if two clinics have it, and names it as a problem of the second', async () => {
  const read: string[] = [];
  const token: TokenAnswer = { kind: 'token', token: aToken() };
  const answers = { 'id-A': token, 'id-B': token };
  const { run, reports } = aRun({ preflight: [go('A'), go('B')], answers }, (line) => {
    read.push(line.externalRef);
    return Promise.resolve(aLineResult(line.externalRef));
  });
  expect(await run()).toMatchObject([
    { externalRef: 'A', problem: null, shared: [] },
    { externalRef: 'B', problem: 'shared_line', lines: [], shared: [{ extensionId: extension, with: 'A' }] },
  ]);
  expect(read).toEqual(['A']);
  expect(reports.map(({ tenant }) => tenant)).toEqual(['id-A']);
});

it('has pulled a clinic even if the portal does not accept its report', async () => {
  const { run } = aRun({ preflight: [go('A')], refusesReports: true });
  expect(await run()).toMatchObject([{ problem: null, notReported: 'not_found' }]);
});

it('stops every clinic if the folder cannot be used any more', async () => {
  const many = Array.from({ length: 40 }, (_, index) => go(`C${index + 10}`));
  const { run } = aRun({ preflight: many }, (line) =>
    line.externalRef === 'C10'
      ? Promise.reject(new FolderError('ENOSPC'))
      : Promise.resolve(aLineResult(line.externalRef)),
  );
  const results = await run();
  expect(results[0]).toMatchObject({ externalRef: 'C10', problem: 'folder_ENOSPC' });
  expect(results.at(-1)).toMatchObject({ externalRef: 'C49', problem: 'stopped' });
  expect(results).toHaveLength(40);
});

it('ends in order if what it leaves to the next run cannot be written', async () => {
  const { run, order, fillDisk } = aRun({ preflight: [go('A'), go('B')] });
  fillDisk();
  expect(await run()).toMatchObject([{ problem: 'folder_SQLITE_FULL' }, { externalRef: 'B' }]);
  expect(order).toEqual([]);
});

it('lets any number of calls wait for the end of the run, without a warning', async () => {
  const warnings: unknown[] = [];
  const onWarning = (warning: unknown) => void warnings.push(warning);
  process.on('warning', onWarning);
  const { run } = aRun({ preflight: [go('A')] }, ({ externalRef }, _calls, { signal }) => {
    for (let call = 0; call < 11; call += 1) signal.addEventListener('abort', () => undefined);
    return Promise.resolve(aLineResult(externalRef));
  });
  await run();
  await turn();
  process.off('warning', onWarning);
  expect(warnings).toEqual([]);
});

it('begins with no clinic after the end of the run', async () => {
  const { run, order } = aRun({ preflight: [go('A'), go('B')], until: -1 });
  expect(await run()).toMatchObject([{ problem: 'time_over' }, { problem: 'time_over' }]);
  expect(order).toEqual([]);
});

it('asks the portal of one clinic only if only one is wanted', async () => {
  const { run, order } = aRun({ preflight: [go('A')] });
  expect(await run('B/1')).toMatchObject([{ externalRef: 'B/1', problem: null }]);
  expect(order).toEqual(['ref:B/1']);
});

it('says how far it is', async () => {
  const { run, progress } = aRun({ preflight: [go('A'), go('B')] }, (line, _calls, { onProgress }) => {
    onProgress({ line, open: 0, fetched: 3 });
    return Promise.resolve(aLineResult(line.externalRef));
  });
  await run();
  expect(progress[0]).toEqual({ clinics: 2, done: 0, fetched: 0, open: 0 });
  expect(progress.at(-1)).toEqual({ clinics: 2, done: 2, fetched: 6, open: 0 });
});
