import type { FaultInput } from '../../src/emulator/faults.js';
import { dataOf } from '../support/http-visitor.js';
import { TestPortal } from '../support/portal.js';
import { advanceToNextCheck, aClinicInTrouble } from './clinic-in-trouble.js';

const CALL_DEADLINE_MS = 1500;

describe('SEC-50, SEC-51: RingCentral takes the call and does not come to an end', () => {
  let test: TestPortal;
  beforeAll(async () => {
    test = await TestPortal.start({ outside: { callDeadlineMs: CALL_DEADLINE_MS } });
  });
  afterAll(() => test.close());
  afterEach(() => test.emulator.faults.clear());

  it.each<[string, FaultInput]>([
    ['says nothing', { kind: 'hang' }],
    ['drips byte by byte', { kind: 'slow_drip', delayMs: 50 }],
  ])('%s: the call ends at its deadline, the paste is kept, and it connects by itself', async (_title, fault) => {
    const clinic = await aClinicInTrouble(test);
    test.emulator.faults.add(fault);
    expect((await clinic.paste()).status).toBe(303);
    const page = await clinic.page();
    expect(dataOf(page.text)).toMatchObject({ state: 'pending', cause: 'unreachable', 'fix-owner': 'isv' });
    expect(await clinic.kept()).toEqual({ ciphertexts: 1, pastes: 1 });
    test.emulator.faults.clear();
    advanceToNextCheck(test, page);
    await clinic.pageWhen({ state: 'healthy', cause: '' });
  });

  it('a connection that works stays connected', async () => {
    const clinic = await aClinicInTrouble(test);
    await clinic.paste();
    await clinic.pageWhen({ state: 'healthy' });
    test.emulator.faults.add({ kind: 'hang', path: '/restapi/v1.0' });
    await clinic.checkNow();
    expect(await clinic.newestCheck()).toEqual({ verdict: 'inconclusive', cause: 'unreachable' });
    expect(dataOf((await clinic.page()).text)).toMatchObject({ state: 'healthy', cause: '' });
  });
});
