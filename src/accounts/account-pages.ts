import type { Brand } from '../platform/http/locals.js';
import type { Texts } from '../texts/texts.js';
import type { Tenant } from '../tenants/tenant-types.js';
import type { NewPersonProblems } from './invitation-acceptance.js';
import type { PasswordProblem } from './password-rules.js';

/** What the error summary lists; the same sentence stands at the field. */
export type PageError = { text: string; href?: string };

/** What partials/text-input takes. A password field has no value: its type has no room for one. */
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
  /** Fields that are sent but not asked for. */
  hidden: { name: string; value: string }[];
  /** For password managers: whose password this is. */
  username?: string;
  button: string;
  after: string[];
  backLink?: { text: string; href: string };
  /** What waits, with a form of its own that takes it back. */
  pending?: { text: string; button: string; action: string };
  /** Other ways on, below the form. */
  links: { text: string; href: string }[];
  notice?: string;
};

/** What a page says when trying is over for now. */
export function waitText(t: Texts, until: Date, now: Date): string {
  const minutes = Math.max(1, Math.ceil((until.getTime() - now.getTime()) / 60_000));
  return minutes > 120 ? t.accounts.waitHours(Math.ceil(minutes / 60)) : t.accounts.waitMinutes(minutes);
}

const errorsOf = (fields: readonly { id: string; error?: string | undefined }[]): PageError[] =>
  fields.flatMap(({ id, error }) => (error === undefined ? [] : [{ text: error, href: `#${id}` }]));

export const form = (
  page: Omit<FormPage, 'errors' | 'hidden' | 'after' | 'lead' | 'links'> & Partial<FormPage>,
): FormPage => ({
  lead: [],
  hidden: [],
  after: [],
  links: [],
  errors: errorsOf(page.fields),
  ...page,
});

export const newPasswordField = (t: Texts, problem?: PasswordProblem): PasswordField => ({
  id: 'password',
  name: 'password',
  type: 'password',
  label: t.accounts.password.chooseLabel,
  hint: t.accounts.password.chooseHint,
  autocomplete: 'new-password',
  error: problem && t.accounts.passwordProblems[problem],
});

export const currentPasswordField = (t: Texts, error?: string): PasswordField => ({
  id: 'password',
  name: 'password',
  type: 'password',
  label: t.accounts.password.label,
  autocomplete: 'current-password',
  error,
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
/** The password again, for what must not be done in a session somebody left open. */
export function passwordAgainPage(
  t: Texts,
  shown: { email: string; next?: string | undefined; problem?: 'missing' | 'wrong' | { wait: string } },
): FormPage {
  const texts = t.accounts.passwordAgain;
  const { problem, next } = shown;
  const error =
    problem === 'missing'
      ? t.accounts.signIn.missingPassword
      : problem === 'wrong'
        ? t.accounts.invitation.wrongPassword
        : problem?.wait;
  return form({
    title: texts.title,
    action: '/sign-in/password',
    lead: [texts.why],
    username: shown.email,
    fields: [currentPasswordField(t, error)],
    hidden: next === undefined ? [] : [{ name: 'next', value: next }],
    button: texts.button,
  });
}

export type SignInProblem = 'missing_email' | 'missing_password' | 'wrong' | { wait: string };
export type SignInNotice = keyof Texts['accounts']['signIn']['notices'];

export function signInPage(
  t: Texts,
  brand: Brand,
  shown: { email?: string; next?: string | undefined; problem?: SignInProblem; notice?: SignInNotice | undefined },
): FormPage {
  const texts = t.accounts.signIn;
  const { problem } = shown;
  const wait = typeof problem === 'object' ? problem.wait : undefined;
  const emailError = problem === 'missing_email' ? texts.missingEmail : problem === 'wrong' ? texts.wrong : wait;
  const fields = [
    emailField(t, shown.email, emailError),
    currentPasswordField(t, problem === 'missing_password' ? texts.missingPassword : undefined),
  ];
  return form({
    title: texts.title,
    action: '/sign-in',
    fields,
    hidden: shown.next === undefined ? [] : [{ name: 'next', value: shown.next }],
    button: texts.button,
    links: [{ text: texts.forgotten, href: '/password-reset' }],
    after: [texts.noAccount({ isv: brand.name })],
    ...(shown.notice ? { notice: texts.notices[shown.notice] } : {}),
  });
}

export function setupPage(t: Texts, shown: { action: string; email: string; problem?: PasswordProblem }): FormPage {
  const texts = t.accounts.setup;
  return form({
    title: texts.title,
    action: shown.action,
    lead: [texts.forAddress(shown.email)],
    username: shown.email,
    fields: [newPasswordField(t, shown.problem)],
    button: texts.button,
  });
}

export function newPersonInvitationPage(
  t: Texts,
  brand: Brand,
  shown: { action: string; email: string; name?: string; problems?: NewPersonProblems },
): FormPage {
  const texts = t.accounts.invitation;
  const nameProblem = shown.problems?.name;
  const name: TextField = {
    id: 'name',
    name: 'name',
    label: texts.name,
    autocomplete: 'name',
    spellcheck: 'false',
    value: shown.name,
    error: nameProblem && texts.nameProblems[nameProblem],
  };
  return form({
    title: texts.title({ isv: brand.name }),
    action: shown.action,
    lead: [texts.lead({ isv: brand.name }), texts.forAddress(shown.email)],
    username: shown.email,
    fields: [name, newPasswordField(t, shown.problems?.password)],
    button: texts.newButton,
  });
}

export function existingPersonInvitationPage(
  t: Texts,
  brand: Brand,
  shown: { action: string; email: string; signedIn: boolean; problem?: 'missing' | 'wrong' | { wait: string } },
): FormPage {
  const texts = t.accounts.invitation;
  const { problem } = shown;
  const error =
    problem === 'missing'
      ? t.accounts.signIn.missingPassword
      : problem === 'wrong'
        ? texts.wrongPassword
        : problem?.wait;
  return form({
    title: texts.title({ isv: brand.name }),
    action: shown.action,
    lead: [texts.lead({ isv: brand.name }), shown.signedIn ? texts.signedIn(shown.email) : texts.existing(shown.email)],
    ...(shown.signedIn ? {} : { username: shown.email }),
    fields: shown.signedIn ? [] : [currentPasswordField(t, error)],
    button: texts.existingButton,
  });
}

export function expiredInvitationPage(t: Texts, action: string): FormPage {
  const texts = t.accounts.expiredInvitation;
  return form({ title: texts.title, action, lead: [texts.text], fields: [], button: texts.button });
}

export type TextPage = { title: string; paragraphs: string[] };

export const renewedInvitationPage = (t: Texts): TextPage => ({
  title: t.accounts.renewedInvitation.title,
  paragraphs: [t.accounts.renewedInvitation.text, t.accounts.renewedInvitation.limit],
});

export const stopRemindersPage = (t: Texts, action: string): FormPage => {
  const { title, what, effect, button } = t.accounts.reminders;
  return form({ title, action, lead: [what, effect], fields: [], button });
};

export const stoppedRemindersPage = (t: Texts): TextPage => ({
  title: t.accounts.reminders.stoppedTitle,
  paragraphs: [t.accounts.reminders.stopped, t.accounts.reminders.stoppedNext],
});

export type TenantChooserPage = {
  title: string;
  tenants: { name: string; href: string }[];
  empty: string[];
  next: { text: string; href: string } | null;
};

/** @param next where the following page begins */
export const tenantChooserPage = (
  t: Texts,
  brand: Brand,
  tenants: readonly Tenant[],
  next: string | null,
): TenantChooserPage => ({
  title: tenants.length > 0 ? t.accounts.tenants.title : t.accounts.tenants.noneTitle,
  tenants: tenants.map(({ id, name }) => ({ name, href: `/tenants/${id}/connection` })),
  empty: tenants.length > 0 ? [] : [t.accounts.tenants.none, t.accounts.tenants.noneNext({ isv: brand.name })],
  next: next === null ? null : { text: t.accounts.tenants.next, href: `/tenants?after=${next}` },
});
