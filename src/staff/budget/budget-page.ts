import {
  effectiveIntervalMs,
  LONGEST_INTERVAL_MS,
  nightlyRunMs,
  roomForMore,
  type ChecksBudget,
} from '../../connections/checks/effective-interval.js';
import type { Row } from '../../platform/http/content.js';
import { durationText, timeOfDay, wholeNumber, type Clock } from '../../platform/http/view-helpers.js';
import type { BudgetOverview } from '../../ringcentral/auth-budget/budget-overview.js';
import type { OurApp } from '../../ringcentral/environments.js';
import type { Texts } from '../../texts/texts.js';

export type BudgetFacts = {
  /** One for each client ID, with the environment it is used in; `app` where each method has an app of its own. */
  budgets: { environment: 'production' | 'biz'; app: OurApp | null; overview: BudgetOverview }[];
  /** null if RingCentral counts each clinic separately. */
  checks: { budget: ChecksBudget; wantedMs: number; tenants: number; everyMs: number } | null;
};

const EXAMPLES = [100, 1000, 10_000];

export function budgetPage({ budgets, checks }: BudgetFacts, { t, clock }: { t: Texts; clock: Clock }) {
  const texts = t.staff.budget;
  const { language } = clock;
  const number = (value: number) => wholeNumber(value, language);
  const duration = (ms: number) => durationText(ms, language);
  const isOneEnvironment = new Set(budgets.map(({ environment }) => environment)).size === 1;
  const headingOf = (environment: 'production' | 'biz', app: OurApp | null) => {
    const where = isOneEnvironment ? texts.now : t.staff.create.environments[environment].text;
    return app === null ? where : texts.ofApp[app](where);
  };
  return {
    title: texts.title,
    lead: checks ? texts.lead : texts.ownBudgets,
    warning: checks && checks.everyMs > LONGEST_INTERVAL_MS ? texts.tooMany(duration(checks.everyMs)) : null,
    now: budgets.map(({ environment, app, overview }) => ({
      heading: headingOf(environment, app),
      rows: nowRows(overview, { t, clock }),
    })),
    checks: checks && {
      heading: texts.checks,
      rows: [
        { key: texts.tenants, value: number(checks.tenants) },
        {
          key: texts.every,
          value: { text: duration(checks.everyMs), note: texts.wanted(duration(checks.wantedMs)) },
        },
        { key: texts.room, value: number(roomForMore(checks.wantedMs, checks.tenants, checks.budget)) },
        { key: texts.nightly, value: duration(nightlyRunMs(checks.tenants, checks.budget)) },
      ],
    },
    /** The requirements of other numbers of clinics. */
    table: checks && {
      caption: texts.examples,
      firstCellIsHeader: true,
      head: [texts.clinics, texts.every, texts.nightly],
      rows: EXAMPLES.map((tenants) => [
        number(tenants),
        duration(effectiveIntervalMs(checks.wantedMs, tenants, checks.budget)),
        duration(nightlyRunMs(tenants, checks.budget)),
      ]),
    },
  };
}

function nowRows(
  { limit, windowMs, used, waiting, penaltyUntil }: BudgetOverview,
  { t, clock }: { t: Texts; clock: Clock },
): Row[] {
  const texts = t.staff.budget;
  const sum = (of: BudgetOverview['used']) => of.interactive + of.broker + of.background;
  const { language } = clock;
  return [
    { key: texts.limit, value: texts.perWindow(wholeNumber(limit, language), durationText(windowMs, language)) },
    { key: texts.used, value: { text: wholeNumber(sum(used), language), note: texts.lanes(used) } },
    { key: texts.free, value: wholeNumber(Math.max(0, limit - sum(used)), language) },
    { key: texts.waiting, value: { text: wholeNumber(sum(waiting), language), note: texts.lanes(waiting) } },
    { key: texts.penalty, value: penaltyUntil ? texts.until(timeOfDay(penaltyUntil, clock)) : texts.noPenalty },
  ];
}
