import type { ClinicRole } from '../../app/clinic-roles.js';
import type { Brand } from '../../platform/http/locals.js';
import type { Texts } from '../../texts/texts.js';
import {
  currentPasswordField,
  form,
  newPasswordField,
  type FormPage,
  type Problem,
  type TextField,
  type TextPage,
} from '../forms/form-page.js';
import type { NewPersonProblems } from './invitation-acceptance.js';

export function newPersonInvitationPage(
  t: Texts,
  brand: Brand,
  shown: { action: string; email: string; role: ClinicRole; name?: string; problems?: NewPersonProblems | undefined },
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
    lead: [texts.lead({ isv: brand.name }), roleText(t, shown.role), texts.forAddress(shown.email)],
    username: shown.email,
    fields: [name, newPasswordField(t, shown.problems?.password)],
    button: texts.newButton,
  });
}

export function existingPersonInvitationPage(
  t: Texts,
  brand: Brand,
  shown: {
    action: string;
    email: string;
    role: ClinicRole;
    signedIn: boolean;
    problem?: Problem<'missing' | 'wrong'> | undefined;
  },
): FormPage {
  const texts = t.accounts.invitation;
  return form({
    title: texts.title({ isv: brand.name }),
    action: shown.action,
    lead: [
      texts.lead({ isv: brand.name }),
      roleText(t, shown.role),
      shown.signedIn ? texts.signedIn(shown.email) : texts.existing(shown.email),
    ],
    username: shown.signedIn ? undefined : shown.email,
    fields: shown.signedIn ? [] : [currentPasswordField(t, shown.problem)],
    button: texts.existingButton,
  });
}

const roleText = (t: Texts, role: ClinicRole): string =>
  t.accounts.invitation.role(t.people.roles[role].name, t.people.roles[role].what);

export function expiredInvitationPage(t: Texts, action: string): FormPage {
  const texts = t.accounts.expiredInvitation;
  return form({ title: texts.title, action, lead: [texts.text], button: texts.button });
}

export const renewedInvitationPage = (t: Texts, stalled: boolean): TextPage => ({
  title: t.accounts.renewedInvitation.title,
  paragraphs: [
    ...(stalled ? [t.mailStates.stalledForAll] : []),
    t.accounts.renewedInvitation.text,
    t.accounts.renewedInvitation.limit,
  ],
});

export const stopRemindersPage = (t: Texts, action: string): FormPage => {
  const { title, what, effect, button } = t.accounts.reminders;
  return form({ title, action, lead: [what, effect], button });
};

export const stoppedRemindersPage = (t: Texts): TextPage => ({
  title: t.accounts.reminders.stoppedTitle,
  paragraphs: [t.accounts.reminders.stopped, t.accounts.reminders.stoppedNext],
});
