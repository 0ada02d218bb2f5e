import { budgetPage, type BudgetFacts } from '../../../src/staff/budget/budget-page.js';
import { signInApp } from '../../support/sign-in-app.js';
import { TestPortal } from '../../support/portal.js';
import { render } from '../../views/render.js';
import { minutes } from '../../connections/sample-connections.js';
import { facts } from '../tenants/sample-tenants.js';

const none = { interactive: 0, broker: 0, background: 0 };
const overview = { limit: 5, windowMs: 62_000, used: none, waiting: none, penaltyUntil: null };
const of = (more: Partial<BudgetFacts['budgets'][0]['overview']>, tenants = 1000): BudgetFacts => {
  const budget = { perWindow: 4, windowMs: 62_000 };
  const everyMs = Math.max(86_400_000, Math.ceil(tenants / 4) * 62_000);
  return {
    budgets: [{ environment: 'production', app: null, overview: { ...overview, ...more } }],
    checks: { budget, wantedMs: 86_400_000, tenants, everyMs },
  };
};
const htmlOf = (found: BudgetFacts) => render('staff/budget', { page: budgetPage(found, facts) });

describe('the page about calls to RingCentral', () => {
  it('shows what is allowed, used by each lane, free and waiting', async () => {
    const used = { interactive: 1, broker: 0, background: 2 };
    const html = await htmlOf(of({ used, waiting: { ...none, background: 7 } }));
    expect(html).toContain('5 in 1 minute 2 seconds');
    expect(html).toContain('1 for people, 0 for jobs, 2 for checks');
    expect(html).toContain('0 for people, 0 for jobs, 7 for checks');
    expect(html).toMatch(/Free[^]{0,80}>2</);
  });

  it('counts every lane, and never shows a negative number of free calls', () => {
    const [now] = budgetPage(of({ limit: 5, used: { interactive: 1, broker: 2, background: 3 } }), facts).now;
    expect(now?.rows.slice(1, 3).map(({ value }) => value)).toEqual([
      { text: '6', note: '1 for people, 2 for jobs, 3 for checks' },
      '0',
    ]);
  });

  it('names two client IDs, but not a single one', () => {
    const { budgets, checks } = of({});
    const headings = (them: BudgetFacts['budgets']) =>
      budgetPage({ budgets: them, checks }, facts).now.map(({ heading }) => heading);
    expect(headings(budgets)).toEqual(['Right now']);
    expect(headings([...budgets, { ...budgets[0]!, environment: 'biz' }])).toEqual([
      'RingCentral and nearly all brands',
      'AT&T Office@Hand or Verizon',
    ]);
    const [one] = budgets;
    expect(headings([...budgets, ...budgets].map((_, n) => ({ ...one!, app: n === 0 ? 'jwt' : 'sign_in' })))).toEqual([
      'Right now: app for JWTs',
      'Right now: app for sign-ins',
    ]);
  });

  it('estimates the needs of 100, 1,000 and 10,000 clinics, whatever the current number', () => {
    const rows = [
      ['100', '1 day', '25 minutes 50 seconds'],
      ['1,000', '1 day', '4 hours 19 minutes'],
      ['10,000', '1 day 20 hours', '1 day 20 hours'],
    ];
    expect(budgetPage(of({}, 7), facts).table?.rows).toEqual(rows);
    expect(budgetPage(of({}, 50_000), facts).table?.rows).toEqual(rows);
  });

  it('does not warn if each clinic is checked exactly once in seven days', () => {
    const { budgets, checks } = of({});
    const everyMs = 7 * 86_400_000;
    expect(budgetPage({ budgets, checks: { ...checks!, everyMs } }, facts).warning).toBeNull();
    expect(budgetPage({ budgets, checks: { ...checks!, everyMs: everyMs + 1 } }, facts).warning).not.toBeNull();
  });

  it('says until when RingCentral blocks calls', async () => {
    expect(await htmlOf(of({ penaltyUntil: minutes(1) }))).toContain('Until ');
  });

  it('says how often each clinic is checked, how many more fit, and how long a nightly run takes', () => {
    expect(budgetPage(of({}), facts).checks?.rows).toEqual([
      { key: 'Clinics checked', value: '1,000' },
      { key: 'Each is checked every', value: { text: '1 day', note: 'Target: every 1 day' } },
      { key: 'More clinics possible before checks become less frequent', value: '4,572' },
      { key: 'Time for a job to ask once for each clinic', value: '4 hours 19 minutes' },
    ]);
  });

  it('warns if clinics are checked less than once in seven days', async () => {
    expect(await htmlOf(of({}, 39_000))).not.toContain('govuk-warning-text');
    expect(await htmlOf(of({}, 39_100))).toContain('govuk-warning-text');
  });

  it('estimates nothing for all clinics together if RingCentral counts each separately', () => {
    const page = budgetPage({ ...of({}), checks: null }, facts);
    expect([page.checks, page.table, page.warning]).toEqual([null, null, null]);
    expect(page.lead).toEqual(facts.t.staff.budget.ownBudgets);
    expect(budgetPage(of({}), facts).lead).toEqual(facts.t.staff.budget.lead);
  });
});

it('the page shows the calls that were really sent, for each of two apps', async () => {
  const test = await TestPortal.start({ env: { RINGCENTRAL_AUTH_PER_MINUTE: '5', ...signInApp } });
  const staff = await test.staff('auditor');
  const shown = async () => (await staff.get('/staff/budget')).text.replaceAll(/\s+/g, ' ');
  expect(await shown()).toMatch(/Used<\/dt> <dd[^>]*><bdi>0/);
  const tenantId = await test.addTenant('North Clinic');
  const alice = await test.member(tenantId);
  await alice.get(`/tenants/${tenantId}/credentials/new`);
  await alice.post(`/tenants/${tenantId}/credentials`, { assertion: test.assertion('riverside').jwt });
  expect(await shown()).toMatch(
    /app for JWTs<.*Used<\/dt> <dd[^>]*><bdi>1.{0,200}1 for people.*app for sign-ins<.*Used<\/dt> <dd[^>]*><bdi>0/,
  );
  await test.close();
});
