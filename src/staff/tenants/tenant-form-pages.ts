import { offeredMethods, type OfferedMethods } from '../../tenants/offered-methods.js';
import type { Environment, NewTenant, Tenant, TenantProblem } from '../../tenants/tenant-types.js';
import { timeZoneItems } from '../../tenants/time-zones.js';
import { languageNames, languages } from '../../texts/languages.js';
import type { Texts } from '../../texts/texts.js';
import { clinicUrl, settingsFormUrl } from '../clinic-urls.js';
import { listUrl } from './tenant-filter.js';

type Problem = { error?: string };

/** The sentence about a field, if it was rejected. */
const errorsIn =
  (t: Texts, problems: readonly TenantProblem[]) =>
  (field: TenantProblem['field']): Problem => {
    const sentences = t.staff.create.problems as Record<string, Record<string, string>>;
    const problem = problems.find((it) => it.field === field);
    const error = problem && sentences[field]?.[problem.code];
    return error === undefined ? {} : { error };
  };

/** The error summary, in the order of the fields. */
const summaryOf = (fields: (Problem & { name: string })[]) =>
  fields.flatMap(({ name, error }) => (error === undefined ? [] : [{ text: error, href: `#${name}` }]));

const languageField = (t: Texts, chosen: string, problem: Problem) => ({
  name: 'language',
  legend: t.staff.create.language,
  hint: t.staff.create.languageHint,
  items: languages.map((value) => ({ value, text: languageNames[value], checked: value === chosen })),
  ...problem,
});

const timeZoneField = (t: Texts, value: string, problem: Problem) => ({
  name: 'time_zone',
  label: t.staff.create.timeZone,
  hint: t.staff.create.timeZoneHint,
  items: timeZoneItems(value, t.common.lang),
  ...problem,
});

/**
 * The form keeps the typed values.
 *
 * @param environments where the ISV has an app; a clinic elsewhere could never connect
 */
export function newTenantPage(
  t: Texts,
  environments: readonly Environment[],
  typed?: NewTenant,
  problems: TenantProblem[] = [],
) {
  const texts = t.staff.create;
  const errorOf = errorsIn(t, problems);
  const chosen = typed?.environment ?? environments[0];
  const name = {
    name: 'name',
    label: texts.name,
    value: typed?.name ?? '',
    autocomplete: 'off',
    ...errorOf('name'),
  };
  const externalRef = {
    name: 'external_ref',
    label: texts.externalRef,
    hint: texts.externalRefHint,
    value: typed?.externalRef ?? '',
    autocomplete: 'off',
    ...errorOf('externalRef'),
  };
  /** null if there is only one option */
  const environment =
    environments.length > 1
      ? {
          name: 'environment',
          legend: texts.environment,
          items: environments.map((value) => ({ value, ...texts.environments[value], checked: value === chosen })),
          ...errorOf('environment'),
        }
      : null;
  const language = languageField(t, typed?.language ?? 'en', errorOf('language'));
  const timeZone = timeZoneField(t, typed?.timeZone ?? 'America/New_York', errorOf('timeZone'));
  return {
    title: texts.title,
    backLink: { text: texts.back, href: listUrl },
    action: listUrl,
    errors: summaryOf([name, externalRef, ...(environment ? [environment] : []), language, timeZone]),
    fields: [name, externalRef],
    environment,
    language,
    timeZone,
    button: { text: texts.button },
  };
}

/** @param typed the values in the form: the tenant's, or those that were rejected */
export function tenantSettingsPage(
  tenant: Pick<Tenant, 'id' | 'name' | 'offeredMethods'> & { hasSignInApp: boolean },
  typed: {
    language: string;
    timeZone: string;
    membersNeedSecondFactor: boolean;
    offeredMethods?: OfferedMethods | undefined;
  },
  t: Texts,
  problems: TenantProblem[] = [],
) {
  const texts = t.staff.settings;
  const errorOf = errorsIn(t, problems);
  const language = languageField(t, typed.language, errorOf('language'));
  const timeZone = timeZoneField(t, typed.timeZone, errorOf('timeZone'));
  return {
    title: texts.title,
    caption: tenant.name,
    backLink: { text: tenant.name, href: clinicUrl(tenant.id, 'settings') },
    action: settingsFormUrl(tenant.id),
    errors: summaryOf([language, timeZone]),
    language,
    timeZone,
    secondFactor: {
      name: 'second_factor',
      legend: texts.secondFactor,
      hint: texts.secondFactorHint,
      items: [{ value: 'needed', text: texts.secondFactorNeeded, checked: typed.membersNeedSecondFactor }],
    },
    /** Undefined where a JWT is the only way. */
    methods: tenant.hasSignInApp
      ? {
          name: 'methods',
          legend: texts.methods,
          hint: texts.methodsHint,
          items: offeredMethods.map((value) => ({
            value,
            text: texts.methodsOf[value],
            checked: value === (typed.offeredMethods ?? tenant.offeredMethods),
          })),
        }
      : undefined,
    button: { text: texts.button },
  };
}
