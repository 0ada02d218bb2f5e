import type { FaultInput } from '../../src/emulator/traffic/faults.js';
import { timeOfDay } from '../../src/platform/http/view-helpers.js';
import { dataOf, type Answer } from '../support/visits/visitor.js';
import { TestPortal } from '../support/portal.js';
import { advanceToNextCheck, aFaultedClinic, nextCheckOf } from './faulted-clinic.js';
import { eventually } from '../support/eventually.js';

type Told = { cause: string; owner: string };
const limited: Told = { cause: 'rate_limited', owner: 'ringcentral' };
const unavailable: Told = { cause: 'ringcentral_unavailable', owner: 'ringcentral' };
const unreachable: Told = { cause: 'unreachable', owner: 'isv' };

/** One fault for each cause; fault-table.test.ts has all faults at every call. */
const faults: [string, FaultInput, Told][] = [
  ['429', { kind: 'rate_limited', retryAfter: 90 }, limited],
  ['503', { kind: 'unavailable' }, unavailable],
  ['a connection reset', { kind: 'connection_reset' }, unreachable],
];

/** Ends the fault and lets the time pass that RingCentral named. */
function heal({ emulator, clock }: TestPortal): void {
  emulator.faults.clear();
  clock.advance(2 * 60_000);
}

/** The page of a paste without a verdict: who must act, when it is retried, and that no second paste is needed. */
function expectHonest(page: Answer, { cause, owner }: Told): void {
  const { text } = page;
  expect(dataOf(text)).toMatchObject({ state: 'pending', cause, 'fix-owner': owner });
  const next = new Date(nextCheckOf(page));
  const time = timeOfDay(next, { timeZone: 'UTC', language: 'en' });
  expect(text).toContain(`We have kept your JWT and will check it again at ${time}`);
  expect(text).not.toContain('did not accept');
}

describe('SEC-50: RingCentral outages', () => {
  let test: TestPortal;
  beforeAll(async () => {
    test = await TestPortal.start();
  });
  afterAll(() => test.close());
  afterEach(() => heal(test));

  it.each(faults)('%s: the page says who must act, and that no second paste is needed', async (_title, fault, told) => {
    const clinic = await aFaultedClinic(test);
    test.emulator.faults.add(fault);
    expect((await clinic.paste()).status).toBe(303);
    const page = await clinic.page();
    expectHonest(page, told);
    expect(page.text).not.toContain(clinic.jwt.split('.')[2]);
    const [judged] = await test.db('audit_events').where({ action: 'credential.judged' }).orderBy('seq', 'desc');
    expect(judged).toMatchObject({ outcome: 'inconclusive' });
  });

  it('a second outage only delays the check: the paste is kept for its seven days', async () => {
    const clinic = await aFaultedClinic(test);
    test.emulator.faults.add({ kind: 'unavailable' });
    await clinic.paste();
    const first = await clinic.page();
    advanceToNextCheck(test, first);
    let page = first;
    await eventually('it is tried again', async () => {
      page = await clinic.page();
      const isBeingMade = Date.parse(nextCheckOf(page)) <= test.clock().getTime();
      return nextCheckOf(page) > nextCheckOf(first) && !isBeingMade;
    });
    expectHonest(page, unavailable);
    expect(await clinic.kept()).toEqual({ ciphertexts: 1, pastes: 1 });
  });
});
