import type { Brand } from '../../platform/http/locals.js';
import type { Texts } from '../../texts/texts.js';
import type { Tenant } from '../../tenants/tenant-types.js';
import {
  currentPasswordField,
  emailField,
  form,
  hiddenNext,
  newPasswordField,
  type FormPage,
  type Problem,
} from '../forms/form-page.js';
import type { PasswordProblem } from '../passwords/password-rules.js';

/** What people do on the page to which they return. A changed address changes no more than this sentence. */
function actOn(next = ''): keyof Texts['accounts']['passwordAgain']['why'] {
  if (/^\/tenants\/[^/?]+\/disconnection/.test(next)) return 'disconnection';
  return next.startsWith('/tenants/') ? 'clinic' : 'account';
}

/** Asks for the password again before an action that needs a fresh proof. */
export function passwordAgainPage(
  t: Texts,
  shown: { email: string; next?: string | undefined; problem?: Problem<'missing' | 'wrong'> },
): FormPage {
  const texts = t.accounts.passwordAgain;
  return form({
    title: texts.title,
    action: '/sign-in/password',
    lead: [texts.why[actOn(shown.next)], texts.again],
    username: shown.email,
    fields: [currentPasswordField(t, shown.problem)],
    hidden: hiddenNext(shown.next),
    button: texts.button,
  });
}

export type SignInProblem = Problem<'missing_email' | 'missing_password' | 'wrong'>;
export type SignInNotice = keyof Texts['accounts']['signIn']['notices'];

export function signInPage(
  t: Texts,
  brand: Brand,
  shown: {
    email?: string;
    next?: string | undefined;
    problem?: SignInProblem;
    notice?: SignInNotice | undefined;
    /** Whether staff sign in with accounts of their company. */
    companySignIn?: boolean;
  },
): FormPage {
  const texts = t.accounts.signIn;
  const { problem } = shown;
  const wait = typeof problem === 'object' ? problem.wait : undefined;
  const query = shown.next === undefined ? '' : `?next=${encodeURIComponent(shown.next)}`;
  const emailError = problem === 'missing_email' ? texts.missingEmail : problem === 'wrong' ? texts.wrong : wait;
  return form({
    title: texts.title,
    action: '/sign-in',
    fields: [
      emailField(t, shown.email, emailError),
      currentPasswordField(t, problem === 'missing_password' ? 'missing' : undefined),
    ],
    hidden: hiddenNext(shown.next),
    button: texts.button,
    links: [
      { text: texts.forgotten, href: '/password-reset' },
      ...(shown.companySignIn === true ? [{ text: t.company.offer, href: `/sign-in/company${query}` }] : []),
    ],
    after: [texts.noAccount({ isv: brand.name })],
    notice: shown.notice && texts.notices[shown.notice],
  });
}

export function setupPage(
  t: Texts,
  shown: { action: string; email: string; problem: PasswordProblem | undefined },
): FormPage {
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

/** @param next where the next page of tenants begins */
export const tenantChooserPage = (t: Texts, brand: Brand, tenants: readonly Tenant[], next: string | null) => ({
  title: tenants.length > 0 ? t.accounts.tenants.title : t.accounts.tenants.noneTitle,
  tenants: tenants.map(({ id, name }) => ({ name, href: `/tenants/${id}/connection` })),
  empty: tenants.length > 0 ? [] : [t.accounts.tenants.none, t.accounts.tenants.noneNext({ isv: brand.name })],
  next: next === null ? null : { text: t.accounts.tenants.next, href: `/tenants?after=${next}` },
});
