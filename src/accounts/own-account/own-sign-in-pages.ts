import { pendingText, type PendingAddress } from './account-page.js';
import type { Texts } from '../../texts/texts.js';
import {
  addressProblemText,
  currentPasswordField,
  emailField,
  form,
  newPasswordField,
  problemText,
  type FormPage,
  type PasswordField,
  type Problem,
} from '../forms/form-page.js';
import type { PasswordProblem } from '../passwords/password-rules.js';

type CurrentProblem = Problem<'missing' | 'wrong'> | undefined;

const back = (t: Texts) => ({ text: t.account.title, href: '/account' });

/** The current and the new password have different names, so that password managers can distinguish them. */
function currentField(t: Texts, problem: CurrentProblem): PasswordField {
  const texts = t.account.current;
  const error = problemText(texts, problem);
  return { ...currentPasswordField(t), id: 'current', name: 'current', label: texts.label, error };
}

export function changePasswordPage(
  t: Texts,
  shown: { email: string; current?: CurrentProblem; password?: PasswordProblem | undefined },
): FormPage {
  const texts = t.account.changePassword;
  return form({
    backLink: back(t),
    title: texts.title,
    action: '/account/password',
    lead: [texts.lead],
    username: shown.email,
    fields: [currentField(t, shown.current), newPasswordField(t, shown.password)],
    button: texts.button,
  });
}

export function changeAddressPage(
  t: Texts,
  shown: {
    email: string;
    typed?: string;
    pending: PendingAddress | null;
    current?: CurrentProblem;
    problem?: Problem<'missing' | 'unreadable' | 'same'> | undefined;
  },
): FormPage {
  const texts = t.account.changeAddress;
  const { pending } = shown;
  const problems = { ...texts.problems, unreadable: addressProblemText(t, shown.typed) };
  const error = problemText(problems, shown.problem);
  const withdrawal = { button: texts.withdraw, action: '/account/address/withdrawal' };
  return form({
    backLink: back(t),
    title: texts.title,
    pending: pending === null ? undefined : { text: pendingText(t, pending), ...withdrawal },
    action: '/account/address',
    lead: [texts.now(shown.email), texts.lead],
    fields: [
      { ...emailField(t, shown.typed, error), label: texts.label, autocomplete: 'email' },
      currentField(t, shown.current),
    ],
    button: texts.button,
  });
}

export function confirmAddressPage(t: Texts, shown: { action: string; email: string; before: string }): FormPage {
  const { confirmAddress, proveAddress } = t.account;
  const isOwn = shown.email === shown.before;
  const texts = isOwn ? proveAddress : confirmAddress;
  return form({
    backLink: back(t),
    title: texts.title,
    action: shown.action,
    lead: [texts.lead(shown.email), ...(isOwn ? [] : [confirmAddress.before(shown.before)])],
    button: texts.button,
  });
}
