import type { Tenant, TenantProblem } from '../../tenants/tenant-types.js';
import { languageNames, languages } from '../../texts/languages.js';
import type { Texts } from '../../texts/texts.js';

const tenantUrl = (tenantId: string): string => `/staff/tenants/${tenantId}`;
export const settingsUrl = (tenantId: string): string => `${tenantUrl(tenantId)}/settings`;

type Problem = { error?: string };
export type LanguageField = Problem & {
  name: 'language';
  legend: string;
  hint: string;
  items: { value: string; text: string; checked: boolean }[];
};
export type TimeZoneField = Problem & {
  name: 'time_zone';
  label: string;
  hint: string;
  value: string;
  spellcheck: 'false';
  autocomplete: 'off';
  width: 30;
};

export type SecondFactorField = {
  name: 'second_factor';
  legend: string;
  hint: string;
  items: { value: 'needed'; text: string; checked: boolean }[];
};

export const languageField = (t: Texts, chosen: string, problem: Problem): LanguageField => ({
  name: 'language',
  legend: t.staff.create.language,
  hint: t.staff.create.languageHint,
  items: languages.map((value) => ({ value, text: languageNames[value], checked: value === chosen })),
  ...problem,
});

export const timeZoneField = (t: Texts, value: string, problem: Problem): TimeZoneField => ({
  name: 'time_zone',
  label: t.staff.create.timeZone,
  hint: t.staff.create.timeZoneHint,
  value,
  spellcheck: 'false',
  autocomplete: 'off',
  width: 30,
  ...problem,
});

export type TenantSettingsPage = {
  title: string;
  caption: string;
  backLink: { text: string; href: string };
  action: string;
  errors: { text: string; href: string }[];
  language: LanguageField;
  timeZone: TimeZoneField;
  secondFactor: SecondFactorField;
  button: { text: string };
};

/** @param typed the values in the form: the tenant's, or those that were rejected */
export function tenantSettingsPage(
  tenant: Pick<Tenant, 'id' | 'name'>,
  typed: { language: string; timeZone: string; membersNeedSecondFactor: boolean },
  t: Texts,
  problems: TenantProblem[] = [],
): TenantSettingsPage {
  const texts = t.staff.settings;
  const sentences = t.staff.create.problems;
  const errorOf = (field: 'language' | 'timeZone'): Problem =>
    problems.some((problem) => problem.field === field) ? { error: sentences[field].unknown } : {};
  const language = languageField(t, typed.language, errorOf('language'));
  const timeZone = timeZoneField(t, typed.timeZone, errorOf('timeZone'));
  return {
    title: texts.title,
    caption: tenant.name,
    backLink: { text: tenant.name, href: tenantUrl(tenant.id) },
    action: settingsUrl(tenant.id),
    errors: [language, timeZone].flatMap(({ name, error }) =>
      error === undefined ? [] : [{ text: error, href: `#${name}` }],
    ),
    language,
    timeZone,
    secondFactor: {
      name: 'second_factor',
      legend: texts.secondFactor,
      hint: texts.secondFactorHint,
      items: [{ value: 'needed', text: texts.secondFactorNeeded, checked: typed.membersNeedSecondFactor }],
    },
    button: { text: texts.button },
  };
}
