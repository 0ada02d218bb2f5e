import type { Shown } from '../../../src/connections/health/health.js';
import { placeText, readPlace, type Place } from '../../../src/staff/tenants/tenant-filter.js';
import type { StateCount } from '../../../src/staff/tenants/tenant-finder.js';
import { tenantListPage } from '../../../src/staff/tenants/tenant-list-page.js';
import { minutes, samples } from '../../connections/sample-connections.js';
import { render } from '../../views/render.js';
import { aTenant, facts } from './sample-tenants.js';

const tenant = aTenant('north', 'Riverside Family Clinic');
const nobody = {
  tenants: [],
  shown: new Map<string, Shown>(),
  silentSince: new Map<string, Date>(),
  counts: [],
  silent: { count: 0, isMore: false },
  matches: undefined,
  stopped: false,
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
    ['authorization_code', 'A RingCentral sign-in'],
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
    expect(html).toContain('There are no clinics yet.');
    expect(html).toContain('href="/staff/tenants/new"');
    expect(html).not.toContain('<table');
    expect(html).not.toContain('class="filter"');
  });

  it('SEC-18: offers an auditor no changes', () => {
    expect(tenantListPage(one, { ...facts, mayChange: false }).create).toBeNull();
  });

  it('counts the clinics in each state, those that need attention first, without empty states', () => {
    expect(tenantListPage(one, facts).filters.groups).toMatchObject([
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
    const [byState, byCause] = tenantListPage({ ...one, filter: { state: 'failing' } }, facts).filters.groups;
    expect(byState?.items.filter(({ current }) => current)).toMatchObject([{ href: '/staff/tenants?state=failing' }]);
    expect(byCause?.items).toMatchObject([
      { text: 'All causes', count: '3', current: true },
      { href: '/staff/tenants?state=failing&cause=credential_rejected', count: '2' },
      { href: '/staff/tenants?state=failing&cause=owner_inactive', count: '1' },
    ]);
  });

  it('marks the selected state and cause', () => {
    const filter = { state: 'failing', cause: 'owner_inactive' } as const;
    const marked = tenantListPage({ ...one, filter }, facts).filters.groups.flatMap(({ items }) =>
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

describe('a search of the list', () => {
  const q = 'río';
  const search = { ...one, filter: { q }, matches: 1 };
  const shown = (listed: Parameters<typeof tenantListPage>[0]) =>
    render('staff/tenants', { page: tenantListPage(listed, facts) });

  it('says how many clinics match, shows what was typed, and leads back to all', async () => {
    const html = await shown({ ...search, filter: { q, state: 'failing' } });
    expect(html).toContain('1 clinic matches “río”.');
    expect(html).toMatch(/<input class="govuk-input" id="q" name="q" type="search" value="río" maxlength="200"/);
    expect(html).toContain('<input type="hidden" name="state" value="failing">');
    expect(html).toContain('<a class="govuk-link" href="/staff/tenants">Show all clinics</a>');
    expect(html).toContain('href="/staff/tenants?q=r%C3%ADo&amp;state=failing&amp;cause=owner_inactive"');
  });

  it.each([
    [{ matches: 1234 }, '1,234 clinics match “río”.'],
    [{ matches: null }, 'Very many clinics match “río”. Type more letters to see fewer.'],
    [{ matches: null, stopped: true, next: '/staff/tenants?after=x' }, 'The search is not finished.'],
  ])('says what is known of the number: %j', async (found, text) => {
    expect(await shown({ ...search, ...found })).toContain(text);
  });

  it('shows the filters without numbers where too many match to count them', () => {
    const { filters } = tenantListPage({ ...search, matches: null, counts: null, silent: null }, facts);
    expect(filters.groups[0]?.items.map(({ text, count }) => [text, count])).toEqual([
      ['All', undefined],
      ['Not working', undefined],
      ...[expect.anything(), expect.anything(), expect.anything(), expect.anything()],
      ...[expect.anything(), expect.anything()],
      ['Invited, no answer for 5 days', undefined],
    ]);
  });

  it.each([
    [{ filter: { q }, matches: 0 }, 'No clinic matches “río”.', 'Check the spelling, or type fewer letters.'],
    [
      { filter: { q, state: 'warning' as const }, matches: 0, counts },
      'No clinic in this list matches “río”.',
      '<a class="govuk-link" href="/staff/tenants?q=r%C3%ADo">Search all clinics</a>',
    ],
    [{ filter: { q }, matches: null, isFirst: false }, 'No more clinics match.', 'Back to the first clinics'],
  ])('says that none is found, and what to do: %j', async (found, text, step) => {
    const html = await shown({ ...nobody, ...found });
    expect(html).toContain(text);
    expect(html).toContain(step);
    expect(html).not.toContain('There are no clinics yet.');
  });

  it('escapes what was typed', async () => {
    const html = await shown({ ...nobody, filter: { q: '<b>"x' }, matches: 0 });
    expect(html).toContain('“&lt;b&gt;&#34;x”');
    expect(html).toContain('value="&lt;b&gt;&#34;x"');
  });
});

describe('clinics that were invited and have not answered', () => {
  const silentSince = new Map([['north', minutes(-7.5 * 24 * 60)]]);

  it('says for how many days, in place of the way to connect', () => {
    const shown = new Map([['north', { ...samples.not_connected!.view.shown, method: null }]]);
    expect(tenantListPage({ ...one, shown, silentSince }, facts).table?.rows[0]?.[1]).toMatchObject({
      badge: { state: 'not_connected' },
      note: 'Invited, no answer for 7 days',
    });
  });

  it.each([
    [{ count: 3, isMore: false }, '3'],
    [{ count: 50, isMore: true }, '50 or more'],
  ])('are a filter with their number: %j', (silent, count) => {
    const [byState] = tenantListPage({ ...one, silent }, facts).filters.groups;
    expect(byState?.items.at(-1)).toEqual({
      text: 'Invited, no answer for 5 days',
      href: '/staff/tenants?invited=silent',
      count,
      current: false,
    });
  });

  it('are no filter if there are none, unless it is chosen', async () => {
    expect(tenantListPage(one, facts).filters.groups[0]?.items.map(({ href }) => href)).not.toContain(
      '/staff/tenants?invited=silent',
    );
    const page = tenantListPage({ ...nobody, counts, filter: { invited: 'silent' } }, facts);
    expect(page.filters.summary).toBe('Filter: Invited, no answer for 5 days');
    expect(await render('staff/tenants', { page })).toContain(
      'No clinic has left its invitation without an answer for 5 days.',
    );
  });
});

describe('the place in the list where the next page begins', () => {
  const at: Place = { part: 'failing', since: minutes(-7), tenantId: 'north' };

  it.each(['', 'e30', 'bnVsbA', 'WzFd', 'WzEsMl0', '!!!', 'WyJhIiwiYiJd'])('must be one of ours: %j is not', (text) => {
    expect(readPlace(text, {})).toBeUndefined();
  });

  it('is read back as it was', () => {
    expect(readPlace(placeText(at), {})).toEqual(at);
    expect(readPlace(placeText({ ...at, part: 'silent' }), { invited: 'silent' })).toEqual({ ...at, part: 'silent' });
  });

  it('must be one of the same filter', () => {
    expect(readPlace(placeText(at), { state: 'failing' })).toEqual(at);
    expect(readPlace(placeText(at), { state: 'healthy' })).toBeUndefined();
    expect(readPlace(placeText(at), { invited: 'silent' })).toBeUndefined();
    expect(readPlace(placeText({ ...at, part: 'silent' }), {})).toBeUndefined();
  });
});
