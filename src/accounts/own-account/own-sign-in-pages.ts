import type { Texts } from '../../texts/texts.js';
import {
  currentPasswordField,
  emailField,
  form,
  newPasswordField,
  type FormPage,
  type PasswordField,
} from '../forms/form-page.js';
import type { PasswordProblem } from '../passwords/password-rules.js';

type Link = { text: string; href: string };
/** `wait` is already a full sentence. */
export type ShownProblem<T extends string> = T | { wait: string } | undefined;

const back = (t: Texts): Link => ({ text: t.account.title, href: '/account' });

/** The current and the new password have different names, so that password managers can distinguish them. */
function currentField(t: Texts, problem: ShownProblem<'missing' | 'wrong'>): PasswordField {
  const texts = t.account.current;
  const error = problem === undefined ? undefined : typeof problem === 'object' ? problem.wait : texts[problem];
  return { ...currentPasswordField(t, error), id: 'current', name: 'current', label: texts.label };
}

export function changePasswordPage(
  t: Texts,
  shown: {
    email: string;
    current?: ShownProblem<'missing' | 'wrong'>;
    password?: PasswordProblem | undefined;
  },
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
    pending: string | null;
    current?: ShownProblem<'missing' | 'wrong'>;
    problem?: ShownProblem<'missing' | 'unreadable' | 'same'>;
  },
): FormPage {
  const texts = t.account.changeAddress;
  const { problem, pending } = shown;
  const error =
    problem === undefined ? undefined : typeof problem === 'object' ? problem.wait : texts.problems[problem];
  return {
    ...(pending === null
      ? {}
      : {
          pending: {
            text: texts.pending(pending),
            button: texts.withdraw,
            action: '/account/address/withdrawal',
          },
        }),
    ...form({
      backLink: back(t),
      title: texts.title,
      action: '/account/address',
      lead: [texts.now(shown.email), texts.lead],
      fields: [
        { ...emailField(t, shown.typed, error), label: texts.label, autocomplete: 'email' },
        currentField(t, shown.current),
      ],
      button: texts.button,
    }),
  };
}

export function confirmAddressPage(t: Texts, shown: { action: string; email: string; before: string }): FormPage {
  const texts = t.account.confirmAddress;
  return form({
    backLink: back(t),
    title: texts.title,
    action: shown.action,
    lead: [texts.lead(shown.email), texts.before(shown.before)],
    fields: [],
    button: texts.button,
  });
}
