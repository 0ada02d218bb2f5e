import type { Shown } from '../../../src/connections/health/health.js';
import {
  nameCursorText,
  readNameCursor,
  readStateCursor,
  stateCursorText,
  tenantListPage,
  type StateCount,
} from '../../../src/staff/tenants/tenant-list-page.js';
import { minutes, samples } from '../../connections/sample-connections.js';
import { render } from '../../views/render.js';
import { aTenant, facts } from './sample-tenants.js';

const tenant = aTenant('north', 'Riverside Family Clinic');
const nobody = {
  tenants: [],
  shown: new Map<string, Shown>(),
  counts: [],
  incidents: [],
  filter: {},
  next: null,
  isFirst: true,
};
const counts: StateCount[] = [
  { state: 'healthy', cause: null, count: 1234 },
  { state: 'failing', cause: 'owner_inactive', count: 1 },
  { state: 'failing', cause: 'credential_rejected', count: 2 },
];
const one = { ...nobody, tenants: [tenant], shown: new Map([['north', samples.kept!.view.shown]]), counts };

describe('the list of clinics', () => {
  it('shows each clinic’s state, cause, and who must fix it', async () => {
    const page = tenantListPage({ ...one, next: '/staff/tenants?after=there' }, facts);
    const html = await render('staff/tenants', { page });
    expect(html).toContain('<a class="govuk-link" href="/staff/tenants/north"><bdi>Riverside Family Clinic</bdi></a>');
    expect(html).toContain('badge--pending');
    expect(html).toContain('Client ID not added');
    expect(html).toContain('The clinic');
    expect(html).toContain('href="/staff/tenants?after=there"');
  });

  it.each([
    ['jwt', 'A JWT'],
    ['authorization_code', 'A sign-in at RingCentral'],
    [null, undefined],
  ] as const)('says how a clinic is connected: %s', (method, note) => {
    const shown = new Map([['north', { ...samples.healthy!.view.shown, method }]]);
    expect(tenantListPage({ ...one, shown }, facts).table?.rows[0]?.[1]).toEqual({
      badge: { state: 'healthy', text: 'Connected' },
      ...(note !== undefined && { note }),
    });
  });

  it('shows the first step if there are no clinics', async () => {
    const html = await render('staff/tenants', { page: tenantListPage(nobody, facts) });
    expect(html).toContain('There is no clinic yet.');
    expect(html).toContain('href="/staff/tenants/new"');
    expect(html).not.toContain('<table');
    expect(html).not.toContain('class="filter"');
  });

  it('SEC-18: offers an auditor no changes', () => {
    expect(tenantListPage(one, { ...facts, mayChange: false }).create).toBeNull();
  });

  it('counts the clinics in each state, those that need attention first, without empty states', () => {
    expect(tenantListPage(one, facts).filters).toMatchObject([
      {
        items: [
          { text: 'All', href: '/staff/tenants', count: '1,237', current: true },
          { text: 'Not working', href: '/staff/tenants?state=failing', count: '3', current: false },
          { text: 'Connected', href: '/staff/tenants?state=healthy', count: '1,234', current: false },
        ],
      },
    ]);
  });

  it('counts the clinics of a state by cause, most frequent first', () => {
    const [byState, byCause] = tenantListPage({ ...one, filter: { state: 'failing' } }, facts).filters;
    expect(byState?.items.filter(({ current }) => current)).toMatchObject([{ href: '/staff/tenants?state=failing' }]);
    expect(byCause?.items).toMatchObject([
      { text: 'All causes', count: '3', current: true },
      { href: '/staff/tenants?state=failing&cause=credential_rejected', count: '2' },
      { href: '/staff/tenants?state=failing&cause=owner_inactive', count: '1' },
    ]);
  });

  it('marks the selected state and cause', () => {
    const filter = { state: 'failing', cause: 'owner_inactive' } as const;
    const marked = tenantListPage({ ...one, filter }, facts).filters.flatMap(({ items }) =>
      items.filter(({ current }) => current).map(({ href }) => href),
    );
    expect(marked).toEqual(['/staff/tenants?state=failing', '/staff/tenants?state=failing&cause=owner_inactive']);
  });

  it('says that no clinic has a state, and still offers the others', async () => {
    const html = await render('staff/tenants', {
      page: tenantListPage({ ...nobody, counts, filter: { state: 'warning' } }, facts),
    });
    expect(html).toContain('No clinic is in this state now.');
    expect(html).toContain('href="/staff/tenants?state=warning" aria-current="true"');
    expect(html).toContain('href="/staff/tenants?state=failing"');
  });

  it('links back to the first clinics of the same state', () => {
    const filter = { state: 'failing' } as const;
    expect(tenantListPage({ ...one, filter, isFirst: false }, facts).first?.href).toBe('/staff/tenants?state=failing');
  });
});

describe('the cursor of the list', () => {
  it.each(['', 'e30', 'bnVsbA', 'WzFd', 'WzEsMl0', '!!!'])('must be one of ours: %j is not', (text) => {
    expect(readNameCursor(text)).toBeUndefined();
    expect(readStateCursor(text)).toBeUndefined();
  });

  it('must contain a time for a list by state', () => {
    expect(readStateCursor(nameCursorText({ name: 'Riverside', id: 'north' }))).toBeUndefined();
  });

  it('is read back correctly for any name', () => {
    const byName = { name: 'Zoë "Ω" & <b>', id: 'north' };
    expect(readNameCursor(nameCursorText(byName))).toEqual(byName);
    const byState = { since: minutes(-7), tenantId: 'north' };
    expect(readStateCursor(stateCursorText(byState))).toEqual(byState);
  });
});
