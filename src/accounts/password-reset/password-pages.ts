import type { Texts } from '../../texts/texts.js';
import {
  addressProblemText,
  emailField,
  form,
  newPasswordField,
  problemText,
  type FormPage,
  type Problem,
  type TextPage,
} from '../forms/form-page.js';
import type { PasswordProblem } from '../passwords/password-rules.js';

export type AskProblem = Problem<'missing' | 'unreadable'>;

/** Asks where to mail the link. The page does not know who has an account, so it cannot reveal it. */
export function askForResetPage(
  t: Texts,
  shown: { email?: string; problem?: AskProblem; deadLink?: boolean } = {},
): FormPage {
  const texts = t.accounts.passwordReset;
  const problems = { missing: texts.missing, unreadable: addressProblemText(t, shown.email) };
  return form({
    title: texts.title,
    action: '/password-reset',
    lead: [texts.lead],
    fields: [emailField(t, shown.email, problemText(problems, shown.problem))],
    button: texts.button,
    notice: shown.deadLink === true ? texts.deadLink : undefined,
  });
}

/** @param stalled whether no email goes out to anyone, which reveals nothing about the address */
export const resetAskedPage = (t: Texts, stalled: boolean): TextPage => {
  const texts = t.accounts.passwordReset;
  const warning = stalled ? [t.mailStates.stalledForAll] : [];
  return { title: texts.sentTitle, paragraphs: [...warning, texts.sent, texts.sentNewest, texts.sentNone] };
};

export function resetPage(
  t: Texts,
  shown: { action: string; email: string; problem?: PasswordProblem | undefined },
): FormPage {
  const texts = t.accounts.passwordReset;
  return form({
    title: texts.chooseTitle,
    action: shown.action,
    lead: [texts.forAddress(shown.email), texts.everywhere],
    username: shown.email,
    fields: [newPasswordField(t, shown.problem)],
    button: texts.saveButton,
  });
}
