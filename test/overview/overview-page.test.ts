import { DAYS, numbersOf, type ConnectedDay } from '../../src/overview/connected-days.js';
import { connectedPart, pathOf, runsOf } from '../../src/overview/connected-part.js';
import type { Need } from '../../src/overview/needs.js';
import { overviewPage, type Found } from '../../src/overview/overview-page.js';
import { textsIn } from '../../src/texts/texts.js';
import { aTenant } from '../staff/tenants/sample-tenants.js';
import { render } from '../views/render.js';

const t = textsIn('en');
const clock = { now: new Date('2026-12-01T12:00:00.000Z'), timeZone: 'UTC', language: 'en' };
const facts = { t, clock, mayChange: true };
const at = (day: string, connected?: number, clinics = 10): ConnectedDay => ({
  day,
  numbers: connected === undefined ? null : { connected, clinics },
});

const need = (id: string, more: Partial<Need> = {}): Need => ({
  ...{ tenant: aTenant(id, `Clinic ${id}`), act: 'email', state: 'failing', cause: 'credential_rejected' },
  ...{ since: new Date('2026-11-30T12:00:00.000Z'), ...more },
});

const found: Found = {
  counts: [
    { state: 'healthy', cause: null, count: 7 },
    { state: 'warning', cause: 'expires_soon', count: 1 },
    { state: 'failing', cause: 'credential_rejected', count: 1 },
    { state: 'failing', cause: 'app_misconfigured', count: 2 },
    { state: 'failing', cause: 'ringcentral_unavailable', count: 1 },
    { state: 'not_connected', cause: null, count: 1200 },
  ],
  needs: [need('a'), need('b', { act: 'ours', cause: 'app_misconfigured' }), need('c', { act: 'invite', cause: null })],
  days: [at('2026-11-29', 5, 8), at('2026-11-30', 5, 8), at('2026-12-01', 8, 1212)],
  expiries: {
    parts: [
      { withinDays: 7, count: 2 },
      { withinDays: 30, count: 1 },
      { withinDays: 60, count: 0 },
    ],
    // The last hour of a day in Denver is the next day in UTC.
    first: [{ tenant: aTenant('d', 'Clinic d'), expiresAt: new Date('2026-12-04T06:30:00.000Z') }],
  },
  nextRun: {
    madeAt: new Date('2026-12-01T11:58:00.000Z'),
    figures: {
      by: '2026-12-02T08:00:00.000Z',
      timeZone: 'America/Denver',
      ...{ go: 8, noGo: 4, unknown: 0, all: 12, isComplete: true },
    },
  },
  funnel: {
    madeAt: new Date('2026-12-01T11:57:00.000Z'),
    figures: [
      { step: 'invited', reached: 40, medianMs: null },
      { step: 'opened', reached: 30, medianMs: 90 * 60_000 },
      { step: 'console', reached: 28, medianMs: 61_000 },
      { step: 'pasted', reached: 8, medianMs: 4 * 60_000 },
      { step: 'connected', reached: 7, medianMs: 5000 },
    ],
  },
  incidents: [],
};
const empty: Found = { ...found, counts: [], needs: [], days: [], nextRun: null, funnel: null };

describe('the overview', () => {
  it('without a clinic shows the first step, and no figures', async () => {
    const html = await render('overview/overview', { page: overviewPage(empty, facts) });
    expect(html).toContain('There are no clinics yet.');
    expect(html).toContain('href="/staff/tenants/new"');
    expect(html).not.toMatch(/<svg|<table|undefined|NaN/);
    const auditor = await render('overview/overview', { page: overviewPage(empty, { ...facts, mayChange: false }) });
    expect(auditor).not.toContain('/staff/tenants/new');
  });

  it('names each clinic that needs us with its act, and where the act is', async () => {
    const html = await render('overview/overview', { page: overviewPage(found, facts) });
    expect(html.match(/<h1/g)).toHaveLength(1);
    expect(html).not.toMatch(/undefined|\[object|NaN|style=/);
    const links = [...html.matchAll(/href="([^"]+)">(Email the fix|See what we must fix|Invite again)/g)];
    expect(links.map(([, href, text]) => [href, text])).toEqual([
      ['/staff/tenants/a', 'Email the fix'],
      ['/staff/tenants/b', 'See what we must fix'],
      ['/staff/tenants/c/people#invite', 'Invite again'],
    ]);
  });

  it('counts clinics by state and by who needs to act', () => {
    const needs = overviewPage(found, facts).parts!.needs;
    expect(needs.states.map(({ badge, count, href }) => [badge.text, count, href])).toEqual([
      ['Not working', '4', '/staff/tenants?state=failing'],
      ['Connected, needs attention', '1', '/staff/tenants?state=warning'],
      ['Not connected', '1,200', '/staff/tenants?state=not_connected'],
      ['Connected', '7', '/staff/tenants?state=healthy'],
    ]);
    expect(needs.owners).toEqual([
      'We need to act for 2 clinics.',
      '2 clinics need to act.',
      'RingCentral needs to act for 1 clinic.',
    ]);
  });

  it('says how many are connected now, and how many more than on the first day that is known', () => {
    const part = overviewPage(found, facts).parts!.connected!;
    expect([part.now, part.change]).toEqual([
      '8 of 1,212 clinics are connected now.',
      'That is 3 more than on November 29, 2026.',
    ]);
    expect(connectedPart([at('2026-11-30', 3), at('2026-12-01', 1, 1)], facts)).toMatchObject({
      now: 'Your only clinic is connected now.',
      change: 'That is 2 fewer than on November 30, 2026.',
    });
    expect(connectedPart([at('2026-12-01', 0, 1)], facts)).toMatchObject({
      change: null,
      now: 'Your only clinic is not connected now.',
    });
  });

  it('draws no chart before a clinic was connected, or of a single day: it says when the chart begins', async () => {
    const pageOf = (days: ConnectedDay[]) =>
      render('overview/overview', { page: overviewPage({ ...found, days }, facts) });
    const none = await pageOf([at('2026-11-30', 0, 1), at('2026-12-01', 0, 1)]);
    expect(none).toContain('When the first clinic is connected, a chart of the days begins here.');
    expect(none).not.toContain('<svg');
    const oneDay = await pageOf([at('2026-11-30'), at('2026-12-01', 1, 1)]);
    expect(oneDay).toContain('A chart of the days begins here tomorrow.');
    expect(oneDay).not.toContain('<svg');
    expect(await pageOf([at('2026-11-30', 0), at('2026-12-01', 1)])).toContain('<svg');
  });

  it('draws a column for each day, at least two units high, and leaves out days without a record', () => {
    expect(pathOf([at('2026-11-28', 100), at('2026-11-29'), at('2026-11-30', 50), at('2026-12-01', 1)], 100)).toBe(
      'M1 120v-120h8v120zM21 120v-60h8v60zM31 120v-2h8v2z',
    );
  });

  it('shows the same numbers as a table, newest first, equal days together', () => {
    expect(
      runsOf([at('2026-11-27'), at('2026-11-28', 5), at('2026-11-29', 5), at('2026-11-30'), at('2026-12-01', 6)]),
    ).toEqual([
      { from: '2026-12-01', to: '2026-12-01', numbers: { connected: 6, clinics: 10 } },
      { from: '2026-11-30', to: '2026-11-30', numbers: null },
      { from: '2026-11-28', to: '2026-11-29', numbers: { connected: 5, clinics: 10 } },
    ]);
    expect(overviewPage(found, facts).parts!.connected!.days.table.rows).toEqual([
      ['December 1, 2026', '8', '1,212'],
      ['November 29, 2026 – November 30, 2026', '5', '8'],
    ]);
    expect(DAYS).toBe(90);
  });

  it('counts as connected what works, and not what was not confirmed recently', () => {
    expect(
      numbersOf([
        { state: 'healthy', count: 4 },
        { state: 'warning', count: 2 },
        { state: 'unverified', count: 8 },
        { state: 'failing', count: 16 },
      ]),
    ).toEqual({ connected: 6, clinics: 30 });
  });

  it('says which JWTs end, with the day of the clinic', () => {
    const { expiries } = overviewPage(found, facts).parts!;
    expect(expiries.rows).toEqual([
      { key: 'In 7 days or less', value: '2' },
      { key: 'In 7 to 30 days', value: '1' },
      { key: 'In 30 to 60 days', value: '0' },
    ]);
    expect(expiries.first.rows[0]?.[1]).toBe('December 3, 2026');
    const none = { parts: found.expiries.parts.map((part) => ({ ...part, count: 0 })), first: [] };
    expect(overviewPage({ ...found, expiries: none }, facts).parts!.expiries.none).toBe(
      'No JWT in use ends in the next 60 days.',
    );
  });

  it.each([
    [{ noGo: 0, unknown: 0 }, 'The run will work for every clinic.', ['8', '0', '0']],
    [{ go: 0, noGo: 1, unknown: 0 }, 'The run will not work for any clinic.', ['0', '1', '0']],
    [{ noGo: 3, unknown: 1 }, 'The run will not work for some clinics.', ['8', '3', '1']],
    [{ noGo: 0, unknown: 2 }, 'For some clinics, we do not know yet whether the run will work.', ['8', '0', '2']],
    [
      { noGo: 900, unknown: 100, isComplete: false },
      'The run will not work for some clinics.',
      ['At least 900', 'At least 100'],
    ],
  ])('says of the next run: %j', (figures, verdict, numbers) => {
    const nextRun = { ...found.nextRun!, figures: { ...found.nextRun!.figures, ...figures } };
    const part = overviewPage({ ...found, nextRun }, facts).parts!.nextRun;
    expect(part.verdict).toBe(verdict);
    expect(part.rows.map(({ value }) => value)).toEqual(['Dec 2, 2026, 1:00 AM Mountain Time', ...numbers]);
    expect(part.note).toBe('Counted on Dec 1, 2026, 11:58 AM UTC.');
  });

  it('says that the next run is not counted yet, before it is', () => {
    expect(overviewPage({ ...found, nextRun: null }, facts).parts!.nextRun.verdict).toContain('Not counted yet.');
  });

  it('says how far invited clinics get, how long each step takes, and where most stop', () => {
    const part = overviewPage(found, facts).parts!.funnel;
    expect(part.table?.rows).toEqual([
      ['Invited', { text: '40', note: '100%' }, '10', ''],
      ['Accepted the invitation', { text: '30', note: '75%' }, '2', '1 hour 30 minutes'],
      ["Opened the step in RingCentral's console", { text: '28', note: '70%' }, '20', '1 minute 1 second'],
      ['Pasted a JWT or signed in', { text: '8', note: '20%' }, '1', '4 minutes'],
      ['Connected', { text: '7', note: '18%' }, '', '5 seconds'],
    ]);
    expect(part.stop).toBe("Most wait after this step: Opened the step in RingCentral's console (20 clinics).");
    const nobody = { ...found.funnel!, figures: found.funnel!.figures.map((one) => ({ ...one, reached: 0 })) };
    expect(overviewPage({ ...found, funnel: nobody }, facts).parts!.funnel).toMatchObject({
      table: null,
      none: 'No clinic was invited in the last 90 days. When you invite one, this part shows how far it gets.',
    });
    expect(overviewPage({ ...found, funnel: null }, facts).parts!.funnel.none).toContain('Not counted yet.');
  });

  it('SEC-16: shows names as text', async () => {
    const odd = aTenant('x', '<img src=x onerror=alert(1)>');
    const expiries = { ...found.expiries, first: [{ tenant: odd, expiresAt: clock.now }] };
    const page = overviewPage({ ...found, needs: [need('x', { tenant: odd })], expiries }, facts);
    expect(await render('overview/overview', { page })).not.toContain('<img src=x');
  });
});
