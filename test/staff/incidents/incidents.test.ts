// Also on PostgreSQL: one open incident at a time.
import {
  incidentBanner,
  incidentPage,
  incidentsPage,
  type PortalIncident,
} from '../../../src/staff/incidents/incident-page.js';
import { TestPortal } from '../../support/portal.js';
import { render } from '../../views/render.js';
import { aFaultedClinic } from '../../faults/faulted-clinic.js';
import { facts } from '../tenants/sample-tenants.js';

const at = (minutes: number) => new Date(Date.parse('2026-11-21T09:00:00.000Z') + minutes * 60_000);
const open: PortalIncident = {
  id: 'one',
  kind: 'app',
  subject: 'production',
  tenantId: null,
  cause: 'app_misconfigured',
  codes: ['OAU-153'],
  openedAt: at(0),
  probedAt: at(7),
  closedAt: null,
  closing: null,
};
const over: PortalIncident = { ...open, id: 'two', kind: 'rejections', closedAt: at(30) };

describe('the pages of incidents', () => {
  it('show the events with their times, RingCentral’s answer and the last attempt', async () => {
    const html = await render('staff/incident', { page: incidentPage(open, facts) });
    expect(html).toContain('Open');
    expect(html).toContain('<code>OAU-153</code>');
    expect(html).toContain('We last asked RingCentral');
    expect([...html.matchAll(/datetime="([^"]+)"/g)].map(([, time]) => time)).toEqual([
      at(0).toISOString(),
      at(7).toISOString(),
    ]);
    expect(html).toContain('What to do');
  });

  it.each([
    [['CMN-303'], 'RingCentral finds no API plan for our app.'],
    [['invalid_client'], 'as it does with a blocked app'],
    [['OAU-999', 'CMN-303'], 'RingCentral finds no API plan for our app.'],
    [['OAU-146'], 'Compare the client ID, client secret and JWT flow'],
    [['constructor'], 'Compare the client ID, client secret and JWT flow'],
  ])('say what to do about %j', (codes, said) => {
    expect(incidentPage({ ...open, codes }, facts).fix?.text).toContain(said);
  });

  it('say that a closed incident needs no action', async () => {
    const html = await render('staff/incident', { page: incidentPage(over, facts) });
    expect(html).toContain('need to do anything.');
    expect(html).not.toContain('What to do');
  });

  it('list them with links, and say so if there was none', async () => {
    const html = await render('staff/incidents', { page: incidentsPage([open, over], facts) });
    expect(html).toContain('href="/staff/incidents/one"');
    expect(html).toContain('href="/staff/incidents/two"');
    expect(await render('staff/incidents', { page: incidentsPage([], facts) })).toContain(
      'There has been no incident.',
    );
  });

  it('are linked from the list of clinics while an incident is open', () => {
    expect(incidentBanner([open, open], facts)).toMatchObject({
      title: '2 open incidents',
      items: [{ href: '/staff/incidents/one' }, {}],
    });
    expect(incidentBanner([], facts)).toBeUndefined();
  });
});

describe('while RingCentral rejects our app', () => {
  let test: TestPortal;
  beforeAll(async () => {
    test = await TestPortal.start();
  });
  afterAll(() => test.close());

  it('staff see it on their list, the clinic keeps its state, and the incident closes automatically', async () => {
    const staff = await test.staff();
    const clinic = await aFaultedClinic(test);
    await clinic.paste();
    await clinic.pageWhen({ state: 'healthy' });
    expect((await staff.get('/staff/tenants')).text).not.toContain('/staff/incidents/');

    const { RINGCENTRAL_CLIENT_ID: clientId = '', RINGCENTRAL_CLIENT_SECRET: secret = '' } = test.env;
    test.emulator.setAppSecret(clientId, 'another-secret-of-the-console');
    await clinic.checkNow();
    const [, id] = /\/staff\/incidents\/([\w-]+)"/.exec((await staff.get('/staff/tenants')).text) ?? [];
    const page = await staff.get(`/staff/incidents/${id}`);
    expect(page.text).toContain('RingCentral rejects our app');
    expect(page.text).toContain('OAU-');
    expect(page.text).not.toContain(clinic.tenantId);
    await clinic.pageWhen({ state: 'healthy' });
    expect((await test.visitor().get(`/staff/incidents/${id}`)).status).toBe(303);
    expect((await staff.get('/staff/incidents/00000000-0000-4000-8000-000000000000')).status).toBe(404);

    test.emulator.setAppSecret(clientId, secret);
    test.clock.advance(2 * 60_000);
    await clinic.checkNow();
    await clinic.pageWhen({ state: 'healthy' });
    expect((await staff.get('/staff/tenants')).text).not.toContain('/staff/incidents/');
    expect((await staff.get(`/staff/incidents/${id}`)).text).toContain('need to do anything.');

    const viewed = test.db('audit_events').where({ action: 'incidents.viewed_by_staff' }).select('id');
    expect(await viewed).toHaveLength(2);
  });

  it('an incident of one clinic has no page among the portal’s incidents', async () => {
    const staff = await test.staff('auditor');
    const tenantId = await test.addTenant('South Clinic');
    const row = { id: 'own', kind: 'connection', subject: tenantId, tenant_id: tenantId, codes: '[]' };
    await test.db('incidents').insert({ ...row, opened_at: at(0).toISOString() });
    expect((await staff.get('/staff/incidents/own')).status).toBe(404);
    expect((await staff.get('/staff/incidents')).text).not.toContain('/staff/incidents/own');
  });
});
