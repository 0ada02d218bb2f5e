import { newSigningKey } from '../../../src/platform/signed-notes/signing-keys.js';
import { overviewPage } from '../../../src/staff/clinic/overview-page.js';
import { retiredOnes, samples } from '../../connections/sample-connections.js';
import { eventually } from '../../support/eventually.js';
import { TestPortal } from '../../support/portal.js';
import type { Visitor } from '../../support/visits/visitor.js';
import { aConnectedClinic } from '../../tokens/connected-clinic.js';
import { render } from '../../views/render.js';
import { evidence, facts } from '../tenants/sample-tenants.js';

const sample = samples.healthy!;
/** What is left of a page where `.on-screen` is not shown. */
const onPaper = (html: string): string =>
  html.replaceAll(/<(div|section) class="on-screen">[^]*?\n<\/\1>/g, '').replaceAll(/\s+/g, ' ');
const shownOf = (name: string) => {
  const [, one] = retiredOnes.find(([which]) => which === name)!;
  return overviewPage(evidence({ ...sample, view: { ...sample.view, retired: [one] } }), facts);
};

it.each([
  ['open', 'open', 'Until the clinic deletes it, anyone who has the old JWT can read its faxes.'],
  ['trying', 'trying', 'The old JWT is being tried now. Load this page again to see the answer.'],
  ['works', 'works', 'RingCentral still accepts it. It is not deleted.'],
  ['refused', 'refused', 'We will ask again at'],
  ['unclear', 'unclear', 'without a clear answer. We will try again at'],
  ['later', 'open', 'A person of the clinic said that it was deleted.'],
  ['dead', 'dead', 'RingCentral rejects the old JWT. We confirmed this at'],
  ['unproved', 'unproved', 'Whether the clinic deleted it is not known.'],
])(
  'staff see what was found of a replaced JWT (%s), and have nothing to press or to do for it',
  async (name, state, text) => {
    const page = shownOf(name);
    expect(page.retired.map((one) => [one.state, one.say, one.steps.length])).toEqual([[state, null, 0]]);
    const html = await render('staff/clinic/overview', { page });
    const [, part = ''] = html.split(`data-retired="${state}"`);
    const [panel = ''] = part.split('</section>');
    expect(panel.replaceAll(/\s+/g, ' ')).toContain(text);
    expect(panel).not.toMatch(/<form|your |you /i);
  },
);

it('a replaced JWT that a person wanted destroyed was not kept for seven days', () => {
  const [, one] = retiredOnes.find(([which]) => which === 'unproved')!;
  const asked = { ...one, credential: { ...one.credential, destroyedBecause: 'on_request' as const } };
  const page = overviewPage(evidence({ ...sample, view: { ...sample.view, retired: [asked] } }), facts);
  const said = page.retired[0]!.paragraphs.join(' ');
  expect(said).toContain('A person wanted our copy destroyed');
  expect(said).not.toContain('seven days');
});

describe('the page of a clinic that staff see', () => {
  let test: TestPortal;
  let administrator: Visitor;
  beforeAll(async () => {
    test = await TestPortal.start({ env: { AUDIT_SIGNING_KEY_FILE: newSigningKey() } });
    await test.portal.begin();
    administrator = await test.staff('administrator');
  });
  afterAll(() => test.close());

  it('says of a disconnection who did it, what is open, and then what was proved, with the receipt', async () => {
    const { tenantId, member } = await aConnectedClinic(test);
    const page = `/staff/tenants/${tenantId}`;
    const seen = async () => (await administrator.get(page)).text.replaceAll(/\s+/g, ' ');
    expect(await seen()).not.toContain('Still open');
    await member.get(`/tenants/${tenantId}/disconnection`);
    await member.post(`/tenants/${tenantId}/disconnection`);
    const open = await seen();
    expect(open).toContain('Someone at the clinic did this.');
    expect(open).toContain('The clinic has not proved that it deleted the JWT.');
    expect(open).toContain('It is made when nothing is open.');
    const { id } = await test.db('disconnections').where({ tenant_id: tenantId }).first<{ id: string }>('id');
    await administrator.get(`${page}/disconnection`);
    await administrator.post(`${page}/disconnection/destruction`, { disconnection_id: id });
    const receipt = `${page}/disconnection/receipts/${id}`;
    await eventually('the receipt', async () => {
      test.portal.look();
      return (await seen()).includes(`href="${receipt}"`);
    });
    const over = await seen();
    expect(over).toContain('We destroyed the JWT on request. We did not confirm that RingCentral rejects it.');
    expect(over).not.toContain('Still open');
    expect((await administrator.get(receipt)).status).toBe(200);
    const paper = onPaper((await member.get(`/tenants/${tenantId}/disconnection`)).text);
    const { account_id: account } = await test.db('disconnections').where({ id }).first<{ account_id: string }>();
    for (const filed of [
      'Clinic 1',
      'Was connected to',
      'Example Health',
      `RingCentral account</dt> <dd class="govuk-summary-list__value"><bdi>${account}</bdi>`,
      'Someone at the clinic did this.',
      'We destroyed the JWT on request. We did not confirm that RingCentral rejects it.',
      'Signed with the key that the receipt names.',
      `receipt: ${id}`,
      'latchkey receipt verify FILE --key KEYS',
      '/.well-known/latchkey-keys',
    ])
      expect(paper).toContain(filed);
    expect(paper).not.toMatch(/Nothing is open|Download the receipt|Or print this page/);
  });

  it('counts the events of this clinic that were not delivered yet, and of no other', async () => {
    const [north, south] = [await test.addTenant('North'), await test.addTenant('South')];
    const by = { actor: { kind: 'command_line' } } as const;
    const asked = { url: 'https://hooks.invalid/', description: 'Tickets', eventTypes: ['connection.failing'] };
    const made = await test.portal.services.webhooks.make(asked, by, 'endpoint-1');
    expect(made.ok).toBe(true);
    const row = { endpoint_id: 'endpoint-1', type: 'connection.failing', body: '{}', is_test: false, tries: 0 };
    const times = { made_at: '2026-11-30T12:00:00.000Z', due_at: '2999-01-01T00:00:00.000Z' };
    const deliveries = [
      { id: 'd1', event_id: 'e1', tenant_id: north, state: 'open' },
      { id: 'd2', event_id: 'e2', tenant_id: north, state: 'open' },
      { id: 'd3', event_id: 'e3', tenant_id: north, state: 'delivered' },
    ];
    await test.db('webhook_deliveries').insert(deliveries.map((one) => ({ ...row, ...times, ...one })));
    const seen = async (id: string) => (await administrator.get(`/staff/tenants/${id}`)).text;
    expect(await seen(north)).toMatch(
      /Events not delivered yet<\/dt>\s*<dd[^>]*>\s*<a[^>]*href="\/staff\/webhooks"><bdi>2<\/bdi>/,
    );
    expect(await seen(south)).not.toContain('Events not delivered yet');
  });

  it('leads to the page of a clinic that has left', async () => {
    const left = await test.addTenant('Left');
    await test.portal.services.offboarding.offboard(left, { kind: 'command_line' });
    const answer = await administrator.get(`/staff/tenants/${left}`);
    expect([answer.status, answer.headers.location]).toEqual([303, `/staff/offboarded/${left}`]);
    expect((await administrator.get('/staff/tenants/absent')).status).toBe(404);
  });
});
