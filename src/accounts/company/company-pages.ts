import type { Texts } from '../../texts/texts.js';
import { form, hiddenNext, type FormPage } from '../forms/form-page.js';
import type { CompanyRefusal } from './company-sign-in-service.js';

export type CompanyProblem = CompanyRefusal | 'wait';
export const readProblem = (t: Texts, value: unknown): CompanyProblem | undefined =>
  typeof value === 'string' && Object.hasOwn(t.company.problems, value) ? (value as CompanyProblem) : undefined;

type Shown = { host: string; problem?: CompanyProblem | undefined };

const errorsOf = (t: Texts, problem: CompanyProblem | undefined) =>
  problem === undefined ? [] : [{ text: t.company.problems[problem] }];

/** Where the person leaves for the company: to sign in, or to confirm that it is they. */
export const leavePage = (
  t: Texts,
  { host, problem, next, confirms }: Shown & { next: string | undefined; confirms: boolean },
): FormPage => {
  const { company } = t;
  const query = next === undefined ? '' : `?next=${encodeURIComponent(next)}`;
  return form({
    title: (confirms ? company.confirm : company.signIn).title,
    action: '/sign-in/company',
    errors: errorsOf(t, problem),
    lead: confirms ? [company.confirm.lead(host)] : [company.signIn.lead(host), company.signIn.staffOnly],
    hidden: hiddenNext(next),
    button: company.button(host),
    links: confirms ? [] : [{ text: company.withPassword, href: `/sign-in${query}` }],
  });
};

export const companyInvitationPage = (t: Texts, { host, action, email }: Shown & { action: string; email: string }) =>
  form({
    title: t.company.invitation.title,
    action,
    lead: [t.company.invitation.forAddress(email), t.company.invitation.lead(host)],
    button: t.company.button(host),
  });

export const linkPage = (t: Texts, { host, problem }: Shown): FormPage =>
  form({
    title: t.company.link.title,
    action: '/account/company',
    errors: errorsOf(t, problem),
    lead: [t.company.link.lead(host), t.company.link.ends],
    button: t.company.button(host),
    backLink: { text: t.account.title, href: '/account' },
  });
