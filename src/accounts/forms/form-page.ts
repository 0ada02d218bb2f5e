import type { Texts } from '../../texts/texts.js';
import { emailAddressProblem } from '../people/email-address.js';
import type { PasswordProblem } from '../passwords/password-rules.js';

/** An entry of the error summary; the field shows the same sentence. */
export type PageError = { text: string; href?: string };

/** The arguments of partials/text-input. The type of a password field has no value. */
export type TextField = {
  id: string;
  name: string;
  label: string;
  hint?: string;
  error?: string | undefined;
  value?: string | undefined;
  type?: 'email' | 'text';
  autocomplete?: string;
  inputmode?: 'numeric';
  spellcheck?: 'false';
  autocapitalize?: 'none';
  width?: number;
};
export type PasswordField = Omit<TextField, 'value' | 'type'> & { type: 'password' };

export type FormPage = {
  title: string;
  action: string;
  errors: PageError[];
  lead: string[];
  fields: (TextField | PasswordField)[];
  /** Fields that are submitted but not shown. */
  hidden: { name: string; value: string }[];
  /** Tells password managers whose password this is. */
  username?: string | undefined;
  button: string;
  after: string[];
  backLink?: { text: string; href: string };
  /** A pending change, with a separate form that cancels it. */
  pending?: undefined | { text: string; button: string; action: string };
  /** Other links, below the form. */
  links: { text: string; href: string }[];
  notice?: string | undefined;
};

export type TextPage = { title: string; paragraphs: string[] };

/** Why a field was refused. `wait` is already a full sentence. */
export type Problem<T extends string> = T | { wait: string };

export const problemText = <T extends string>(
  texts: Readonly<Record<T, string>>,
  problem: Problem<T> | undefined,
): string | undefined => (typeof problem === 'object' ? problem.wait : problem && texts[problem]);

/** Why a typed address was refused. */
export const addressProblemText = (t: Texts, typed = ''): string =>
  t.accounts.addressProblems[emailAddressProblem(typed) ?? 'no_single_at'];

/** The message of a page that accepts no attempts for now. */
export function waitText(t: Texts, until: Date, now: Date): string {
  const minutes = Math.max(1, Math.ceil((until.getTime() - now.getTime()) / 60_000));
  return minutes > 120 ? t.accounts.waitHours(Math.ceil(minutes / 60)) : t.accounts.waitMinutes(minutes);
}

const errorsOf = (fields: readonly { id: string; error?: string | undefined }[]): PageError[] =>
  fields.flatMap(({ id, error }) => (error === undefined ? [] : [{ text: error, href: `#${id}` }]));

export const form = (
  page: Omit<FormPage, 'errors' | 'fields' | 'hidden' | 'after' | 'lead' | 'links'> & Partial<FormPage>,
): FormPage => ({
  lead: [],
  fields: [],
  hidden: [],
  after: [],
  links: [],
  errors: errorsOf(page.fields ?? []),
  ...page,
});

/** The path to go to afterwards, passed on by the form. */
export const hiddenNext = (next: string | undefined): FormPage['hidden'] =>
  next === undefined ? [] : [{ name: 'next', value: next }];

export const newPasswordField = (t: Texts, problem?: PasswordProblem): PasswordField => ({
  id: 'password',
  name: 'password',
  type: 'password',
  label: t.accounts.password.chooseLabel,
  hint: t.accounts.password.chooseHint,
  autocomplete: 'new-password',
  error: problem && t.accounts.passwordProblems[problem],
});

export const currentPasswordField = (t: Texts, problem?: Problem<'missing' | 'wrong'>): PasswordField => ({
  id: 'password',
  name: 'password',
  type: 'password',
  label: t.accounts.password.label,
  autocomplete: 'current-password',
  error: problemText(
    { missing: t.accounts.signIn.missingPassword, wrong: t.accounts.invitation.wrongPassword },
    problem,
  ),
});

export const emailField = (t: Texts, value?: string, error?: string): TextField => ({
  id: 'email',
  name: 'email',
  type: 'email',
  label: t.accounts.signIn.email,
  autocomplete: 'username',
  spellcheck: 'false',
  autocapitalize: 'none',
  value,
  error,
});
