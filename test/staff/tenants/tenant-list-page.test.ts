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
  it('says of each its state, why, and who mends it', async () => {
    const page = tenantListPage({ ...one, next: '/staff/tenants?after=there' }, facts);
    const html = await render('staff/tenants', { page });
    expect(html).toContain('<a class="govuk-link" href="/staff/tenants/north">Riverside Family Clinic</a>');
    expect(html).toContain('badge--pending');
    expect(html).toContain('Client ID not added');
    expect(html).toContain('The clinic');
    expect(html).toContain('href="/staff/tenants?after=there"');
  });

  it('tells the first step where there is none', async () => {
    const html = await render('staff/tenants', { page: tenantListPage(nobody, facts) });
    expect(html).toContain('There is no clinic yet.');
    expect(html).toContain('href="/staff/tenants/new"');
    expect(html).not.toContain('<table');
    expect(html).not.toContain('class="filter"');
  });

  it('SEC-18: offers an auditor nothing to change', () => {
    expect(tenantListPage(one, { ...facts, mayChange: false }).create).toBeNull();
  });

  it('says how many clinics are in each state, those who need somebody first, and leaves out states of none', () => {
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

  it('says how many clinics of a state have which cause, the most frequent first', () => {
    const [byState, byCause] = tenantListPage({ ...one, filter: { state: 'failing' } }, facts).filters;
    expect(byState?.items.filter(({ current }) => current)).toMatchObject([{ href: '/staff/tenants?state=failing' }]);
    expect(byCause?.items).toMatchObject([
      { text: 'All causes', count: '3', current: true },
      { href: '/staff/tenants?state=failing&cause=credential_rejected', count: '2' },
      { href: '/staff/tenants?state=failing&cause=owner_inactive', count: '1' },
    ]);
  });

  it('keeps the chosen state and cause marked', () => {
    const filter = { state: 'failing', cause: 'owner_inactive' } as const;
    const marked = tenantListPage({ ...one, filter }, facts).filters.flatMap(({ items }) =>
      items.filter(({ current }) => current).map(({ href }) => href),
    );
    expect(marked).toEqual(['/staff/tenants?state=failing', '/staff/tenants?state=failing&cause=owner_inactive']);
  });

  it('says that a state has no clinic, and still offers the others', async () => {
    const html = await render('staff/tenants', {
      page: tenantListPage({ ...nobody, counts, filter: { state: 'warning' } }, facts),
    });
    expect(html).toContain('No clinic is in this state now.');
    expect(html).toContain('href="/staff/tenants?state=warning" aria-current="true"');
    expect(html).toContain('href="/staff/tenants?state=failing"');
  });

  it('goes back to the first clinics of the same state', () => {
    const filter = { state: 'failing' } as const;
    expect(tenantListPage({ ...one, filter, isFirst: false }, facts).first?.href).toBe('/staff/tenants?state=failing');
  });
});

describe('where a page of the list goes on', () => {
  it.each(['', 'e30', 'bnVsbA', 'WzFd', 'WzEsMl0', '!!!'])('takes only its own cursors: %j is none', (text) => {
    expect(readNameCursor(text)).toBeUndefined();
    expect(readStateCursor(text)).toBeUndefined();
  });

  it('a name is no time', () => {
    expect(readStateCursor(nameCursorText({ name: 'Riverside', id: 'north' }))).toBeUndefined();
  });

  it('reads its own cursors back, whatever the name', () => {
    const byName = { name: 'Zoë "Ω" & <b>', id: 'north' };
    expect(readNameCursor(nameCursorText(byName))).toEqual(byName);
    const byState = { since: minutes(-7), tenantId: 'north' };
    expect(readStateCursor(stateCursorText(byState))).toEqual(byState);
  });
});
