import type { Response } from 'supertest';
import type { FaultInput } from '../../src/emulator/faults.js';
import { timeOfDay } from '../../src/platform/http/view-helpers.js';
import { dataOf } from '../support/http-visitor.js';
import { TestPortal } from '../support/portal.js';
import {
  advanceToNextCheck,
  aClinicInTrouble,
  eventually,
  nextCheckOf,
  type ClinicInTrouble,
} from './clinic-in-trouble.js';

type Told = { cause: string; owner: string };
const limited: Told = { cause: 'rate_limited', owner: 'ringcentral' };
const unavailable: Told = { cause: 'ringcentral_unavailable', owner: 'ringcentral' };
const unreachable: Told = { cause: 'unreachable', owner: 'isv' };

/** What goes wrong with every call, and what a person is told of it. */
const faults: [string, Omit<FaultInput, 'path'>, Told][] = [
  ['429 with Retry-After', { kind: 'rate_limited', retryAfter: 90 }, limited],
  ['429 without Retry-After', { kind: 'rate_limited', retryAfter: null }, limited],
  ['503', { kind: 'unavailable' }, unavailable],
  ['503 in the words of OAuth', { kind: 'service_unavailable_oauth' }, unavailable],
  ['500', { kind: 'server_error' }, unavailable],
  ['502 in HTML', { kind: 'bad_gateway_html' }, unavailable],
  ['JSON cut short', { kind: 'cut_json' }, unavailable],
  ['an empty body', { kind: 'empty_body' }, unavailable],
  ['a body without end', { kind: 'huge_body' }, unavailable],
  ['a connection reset', { kind: 'connection_reset' }, unreachable],
  ['a connection cut in the body', { kind: 'connection_cut' }, unreachable],
  ['a redirect', { kind: 'redirect' }, unreachable],
];
const places = [
  ['the token endpoint', '/restapi/oauth'],
  ['the API', '/restapi/v1.0'],
] as const;

/** Ends the trouble: RingCentral forgets its own penalty too. */
function heal({ emulator }: TestPortal): void {
  emulator.faults.clear();
  emulator.resetLimits();
}

/** A page of a paste nobody could judge: who has to act, when it is tried again, that nothing needs pasting. */
function expectHonest(page: Response, { cause, owner }: Told): void {
  const { text } = page;
  expect(dataOf(text)).toMatchObject({ state: 'pending', cause, 'fix-owner': owner });
  const next = new Date(nextCheckOf(page));
  const time = timeOfDay(next, { timeZone: 'UTC', language: 'en' });
  expect(text).toContain(`We have kept your JWT and will check again at ${time}`);
  expect(text).not.toContain('was not accepted');
}

describe('SEC-50: RingCentral in trouble', () => {
  let test: TestPortal;
  let connected: ClinicInTrouble;
  beforeAll(async () => {
    test = await TestPortal.start();
    connected = await aClinicInTrouble(test);
    await connected.paste();
    await connected.pageWhen({ state: 'healthy' });
  });
  afterAll(() => test.close());
  afterEach(() => heal(test));

  describe.each(places)('at %s', (_place, path) => {
    it.each(faults)(
      '%s: a paste is kept, the page is honest, and it connects by itself',
      async (_title, fault, told) => {
        const clinic = await aClinicInTrouble(test);
        test.emulator.faults.add({ ...fault, path });
        expect((await clinic.paste()).status).toBe(303);
        const page = await clinic.page();
        expectHonest(page, told);
        expect(page.text).not.toContain(clinic.jwt.split('.')[2]);
        expect(await clinic.kept()).toEqual({ ciphertexts: 1, pastes: 1 });
        heal(test);
        advanceToNextCheck(test, page);
        await clinic.pageWhen({ state: 'healthy', cause: '' });
        expect(await clinic.kept()).toEqual({ ciphertexts: 1, pastes: 1 });
      },
    );

    it.each(faults)('%s: a connection that works stays connected, and is proved again', async (_title, fault, told) => {
      test.emulator.faults.add({ ...fault, path });
      expect((await connected.checkNow()).status).toBe(303);
      expect(await connected.newestCheck()).toEqual({ verdict: 'inconclusive', cause: told.cause });
      const [judged] = await test.db('audit_events').where({ action: 'credential.judged' }).orderBy('seq', 'desc');
      expect(judged).toMatchObject({ outcome: 'inconclusive' });
      const page = await connected.page();
      expect(dataOf(page.text)).toMatchObject({ state: 'healthy', cause: '' });
      heal(test);
      test.clock.advance(10 * 60_000); // the tenant's own limit on checks, and the next try
      await eventually('it is proved again', async () => (await connected.newestCheck()).verdict === 'accepted');
      expect(dataOf((await connected.page()).text)).toMatchObject({ state: 'healthy', cause: '' });
    });
  });

  it('a second outage in a row only delays: the paste is never given up within its seven days', async () => {
    const clinic = await aClinicInTrouble(test);
    test.emulator.faults.add({ kind: 'unavailable' });
    await clinic.paste();
    const first = await clinic.page();
    advanceToNextCheck(test, first);
    await eventually('it is tried again', async () => nextCheckOf(await clinic.page()) > nextCheckOf(first));
    expectHonest(await clinic.page(), unavailable);
    expect(await clinic.kept()).toEqual({ ciphertexts: 1, pastes: 1 });
  });
});
