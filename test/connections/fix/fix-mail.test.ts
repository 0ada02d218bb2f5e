import { fixMails } from '../../../src/connections/fix/fix-mail.js';
import type { Notice } from '../../../src/notifications/notice-store.js';
import { textsIn } from '../../../src/texts/texts.js';
import { aTenant } from '../../staff/tenants/sample-tenants.js';
import { broken, facts, minutes, refusedPaste, samples, type Sample } from '../sample-connections.js';

const tenant = { ...aTenant('north', 'Riverside & <b>Clinic</b>'), language: 'es' as const };
const notice: Notice = {
  ...{ id: 'n', about: 'mail', kind: 'fix', tenantId: 'north', personId: 'ann', createdAt: minutes(0) },
  ...{ outcome: 'waiting', error: null },
};
type Reader = { email: string; language: 'en' | 'es' | null; isStaff: boolean };
const ann: Reader = { email: 'ann@clinic.example', language: null, isStaff: false };

const composeFor = ({ view, checks }: Sample, reader: Reader | undefined = ann) =>
  fixMails({
    world: { now: () => minutes(0) },
    readerOf: () => Promise.resolve(reader),
    tenantOf: () => Promise.resolve(tenant),
    isvFor: () => facts.isv,
    textsIn,
    brand: { name: 'Example Health', supportEmail: 'help@isv.example', appName: 'Example Health Fax' },
    publicUrl: 'https://portal.example',
    view: () => Promise.resolve(view),
    checks: () => Promise.resolve(checks),
  })(notice);

const mailOf = async (sample: Sample, reader?: Reader) => {
  const composed = await composeFor(sample, reader);
  return composed.kind === 'mail' ? composed.mail : null;
};

it('is in the language of the person, or of the clinic if the person has chosen none', async () => {
  const sample = refusedPaste('app_not_permitted');
  expect((await mailOf(sample))?.text).toContain('3. Pegue este client ID y elija Add app');
  expect((await mailOf(sample, { ...ann, language: 'en' }))?.text).toContain('3. Paste this client ID and choose Add');
});

it('SEC-16: shows a name with markup as text', async () => {
  const mail = await mailOf(refusedPaste('app_not_permitted'));
  expect(mail?.html).toContain('Riverside &amp; &lt;b&gt;Clinic&lt;/b&gt;');
  expect(mail?.html).not.toContain('<b>');
});

it.each([
  ['the connection works again', samples.healthy!, ann],
  ['only we can fix it now', broken('app_misconfigured'), ann],
  ['the person has left the clinic', refusedPaste('app_not_permitted'), undefined],
  ['the person is staff now', refusedPaste('app_not_permitted'), { ...ann, isStaff: true }],
] as const)('is not sent if %s', async (_why, sample, reader) => {
  expect(await composeFor(sample, reader ?? (null as unknown as undefined))).toEqual({ kind: 'not_wanted' });
});
