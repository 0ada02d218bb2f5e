// Only on SQLite: what an answer of RingCentral means; the incidents behind it are tested on PostgreSQL in attribution.
import { dataOf } from '../support/visits/visitor.js';
import { TestPortal } from '../support/portal.js';
import { advanceToNextCheck, aFaultedClinic, type FaultedClinic } from './faulted-clinic.js';
import { eventually } from '../support/eventually.js';

type Case = [string, string, (test: TestPortal) => void, (test: TestPortal) => void];
const cases: Case[] = [
  [
    'its secret is refused',
    'OAU-146',
    ({ emulator, example }) => emulator.setAppSecret(example.app.clientId, 'another-secret-of-the-console'),
    ({ emulator, env }) => emulator.setAppSecret(env.RINGCENTRAL_CLIENT_ID ?? '', env.RINGCENTRAL_CLIENT_SECRET ?? ''),
  ],
  [
    'it may not use the JWT flow',
    'OAU-251',
    ({ emulator, example }) => void emulator.updateApp(example.app.clientId, { grants: [] }),
    ({ emulator, example }) => void emulator.updateApp(example.app.clientId, { grants: ['jwt'] }),
  ],
  [
    'it is gone',
    'OAU-153',
    ({ emulator, example }) => void emulator.removeApp(example.app.clientId),
    ({ emulator, example }) => void emulator.addApp({ ...example.app }),
  ],
];

describe('SEC-50: RingCentral rejects our own app', () => {
  let test: TestPortal;
  beforeAll(async () => {
    test = await TestPortal.start();
  });
  afterAll(() => test.close());

  const codesOf = async ({ tenantId }: FaultedClinic) =>
    (await test.portal.services.connections.history(tenantId, 1))[0]?.detail.codes;

  it.each(cases)(
    '%s: a paste is kept, the ISV is named, and the clinic connects automatically after the fix',
    async (...found) => {
      const [, code, breakApp, fixApp] = found;
      const clinic = await aFaultedClinic(test);
      breakApp(test);
      expect((await clinic.paste()).status).toBe(303);
      const page = await clinic.page();
      expect(dataOf(page.text)).toMatchObject({ state: 'pending', cause: 'app_misconfigured', 'fix-owner': 'isv' });
      expect(await codesOf(clinic)).toContain(code);
      expect(page.text).toContain('Example Health needs to fix this');
      expect(page.text).not.toContain('Paste a new JWT');
      expect(await clinic.kept()).toEqual({ ciphertexts: 1, pastes: 1 });
      fixApp(test);
      advanceToNextCheck(test, page);
      await clinic.pageWhen({ state: 'healthy', cause: '' });
      expect(await clinic.kept()).toEqual({ ciphertexts: 1, pastes: 1 });
    },
  );

  it.each(cases)('%s: no working connection changes its state', async (...found) => {
    const [, code, breakApp, fixApp] = found;
    const clinic = await aFaultedClinic(test);
    await clinic.paste();
    await clinic.pageWhen({ state: 'healthy' });
    breakApp(test);
    await clinic.checkNow();
    const broken = await clinic.page();
    expect(await codesOf(clinic)).toContain(code);
    fixApp(test);
    expect(dataOf(broken.text)).toMatchObject({ state: 'healthy', cause: '' });
    expect(await clinic.newestCheck()).toEqual({ verdict: 'inconclusive', cause: 'app_misconfigured' });
    advanceToNextCheck(test, broken);
    await eventually('it is proved again', async () => (await clinic.newestCheck()).verdict === 'accepted');
  });
});
