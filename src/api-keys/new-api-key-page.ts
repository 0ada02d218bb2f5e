import type { Texts } from '../texts/texts.js';
import { apiKeysUrl } from './api-key-pages.js';
import { apiScopes, type ApiKey } from './api-key-types.js';
import type { ApiKeyProblem } from './new-api-key.js';

/** What was typed, or what a second key begins with. */
export type TypedApiKey = {
  name: string;
  purpose: string;
  scopes: readonly string[];
  reach: 'all' | 'some';
  refs: string;
  expires: string;
};

const nothingTyped: TypedApiKey = { name: '', purpose: '', scopes: [], reach: 'all', refs: '', expires: '' };

/** A second key begins with all of the first one, but not with its end. */
export const typedLike = (key: ApiKey, refs: readonly string[]): TypedApiKey => ({
  name: key.name,
  purpose: key.purpose,
  scopes: key.scopes,
  reach: key.tenantIds === null ? 'all' : 'some',
  refs: refs.join('\n'),
  expires: '',
});

function sentenceOf(problem: ApiKeyProblem, { problems }: Texts['staff']['apiKeys']): string {
  if (problem.field === 'tenants' && problem.code === 'unknown') return problems.tenants.unknown(problem.ref);
  return (problems[problem.field] as Record<string, string>)[problem.code] ?? '';
}

/**
 * The form of a new key; it keeps what was typed.
 *
 * @param id the public part of the key that the form will make
 */
export function newApiKeyPage(t: Texts, id: string, typed = nothingTyped, problems: readonly ApiKeyProblem[] = []) {
  const texts = t.staff.apiKeys;
  const { form } = texts;
  const fieldOf = { name: 'name', purpose: 'purpose', scopes: 'scopes', tenants: 'refs', expires: 'expires' } as const;
  const errorOf = (field: ApiKeyProblem['field']): string | undefined => {
    const problem = problems.find((one) => one.field === field);
    return problem && sentenceOf(problem, texts);
  };
  return {
    title: form.title,
    backLink: { text: texts.title, href: apiKeysUrl },
    errors: problems.map((problem) => ({ text: sentenceOf(problem, texts), href: `#${fieldOf[problem.field]}` })),
    lead: texts.lead,
    action: apiKeysUrl,
    id,
    fields: [
      {
        name: 'name',
        label: form.name,
        hint: form.nameHint,
        value: typed.name,
        autocomplete: 'off',
        error: errorOf('name'),
      },
      {
        name: 'purpose',
        label: form.purpose,
        hint: form.purposeHint,
        value: typed.purpose,
        autocomplete: 'off',
        autocapitalize: 'off',
        spellcheck: 'false',
        error: errorOf('purpose'),
      },
    ],
    scopes: {
      name: 'scopes',
      legend: form.scopes,
      items: apiScopes.map((scope) => ({
        value: scope,
        text: form.scopeTexts[scope],
        name: scope,
        checked: typed.scopes.includes(scope),
      })),
      error: errorOf('scopes'),
    },
    reach: {
      name: 'reach',
      legend: form.reach,
      items: [
        { value: 'all', text: form.everyClinic, checked: typed.reach === 'all' },
        { value: 'some', text: form.onlyThese, checked: typed.reach === 'some' },
      ],
    },
    refs: { id: 'refs', label: form.refs, hint: form.refsHint, value: typed.refs, error: errorOf('tenants') },
    expires: {
      name: 'expires',
      label: form.expires,
      hint: form.expiresHint,
      type: 'date',
      value: typed.expires,
      width: 10,
      error: errorOf('expires'),
    },
    button: form.button,
  };
}
