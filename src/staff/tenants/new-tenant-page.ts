import type { InviteProblem } from '../../accounts/invitations/invitation-service.js';
import { inviteForm, inviteProblemText, type InviteForm } from '../../accounts/invitations/people-page.js';
import { exactTime, type Clock } from '../../platform/http/view-helpers.js';
import type { Environment, NewTenant, Tenant, TenantProblem } from '../../tenants/tenant-types.js';
import type { Texts } from '../../texts/texts.js';
import { listUrl } from './tenant-list-page.js';
import { languageField, timeZoneField, type LanguageField, type TimeZoneField } from './tenant-settings-page.js';

type Link = { text: string; href: string };

export type FieldError = { text: string; href: string };
export type TextField = {
  name: string;
  label: string;
  value: string;
  hint?: string;
  error?: string;
  autocomplete: 'off';
};
type RadioItem = { value: string; text: string; hint: string; checked: boolean };

export type NewTenantPage = {
  title: string;
  backLink: Link;
  action: string;
  errors: FieldError[];
  fields: TextField[];
  /** null if there is only one option */
  environment: { name: 'environment'; legend: string; items: RadioItem[]; error?: string } | null;
  language: LanguageField;
  timeZone: TimeZoneField;
  button: { text: string };
};

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
): NewTenantPage {
  const texts = t.staff.create;
  const fieldNames = {
    name: 'name',
    externalRef: 'external_ref',
    environment: 'environment',
    language: 'language',
    timeZone: 'time_zone',
  };
  const sentences = texts.problems as Record<string, Record<string, string>>;
  const errorOf = (field: TenantProblem['field']): { error?: string } => {
    const problem = problems.find((it) => it.field === field);
    const error = problem && sentences[field]?.[problem.code];
    return error === undefined ? {} : { error };
  };
  const isChosen = environments.length > 1;
  const fields = [
    'name',
    'externalRef',
    ...(isChosen ? (['environment'] as const) : []),
    'language',
    'timeZone',
  ] as const;
  const inOrder = fields.flatMap((field): FieldError[] => {
    const { error } = errorOf(field);
    return error === undefined ? [] : [{ text: error, href: `#${fieldNames[field]}` }];
  });
  const off = { autocomplete: 'off' } as const;
  const chosen = typed?.environment ?? environments[0];
  return {
    title: texts.title,
    backLink: { text: texts.back, href: listUrl },
    action: listUrl,
    errors: inOrder,
    fields: [
      { name: 'name', label: texts.name, value: typed?.name ?? '', ...off, ...errorOf('name') },
      {
        name: 'external_ref',
        label: texts.externalRef,
        hint: texts.externalRefHint,
        value: typed?.externalRef ?? '',
        ...off,
        ...errorOf('externalRef'),
      },
    ],
    environment: isChosen
      ? {
          name: 'environment',
          legend: texts.environment,
          items: environments.map((value) => ({ value, ...texts.environments[value], checked: value === chosen })),
          ...errorOf('environment'),
        }
      : null,
    language: languageField(t, typed?.language ?? 'en', errorOf('language')),
    timeZone: timeZoneField(t, typed?.timeZone ?? 'America/New_York', errorOf('timeZone')),
    button: { text: texts.button },
  };
}

export const staffInviteForm = (t: Texts, tenantId: string, typed?: string, error?: string): InviteForm =>
  inviteForm(t.staff.invite, `${listUrl}/${tenantId}/invitations`, typed, error);

export type InvitePage = { title: string; backLink: Link; errors: FieldError[]; form: InviteForm };

/** Shown only after an address was refused; the form is normally part of the tenant's page. */
export function invitePage(t: Texts, tenant: Tenant, typed: string, problem: InviteProblem, clock: Clock): InvitePage {
  const error = inviteProblemText(t, problem, clock);
  return {
    title: t.staff.invite.title(tenant.name),
    backLink: { text: tenant.name, href: `${listUrl}/${tenant.id}` },
    errors: [{ text: error, href: '#email' }],
    form: staffInviteForm(t, tenant.id, typed, error),
  };
}

export type ShownInvitation = {
  id: string;
  email: string;
  expiresAt: Date;
  acceptedAt: Date | null;
  revokedAt: Date | null;
};

export function invitationState({ acceptedAt, revokedAt, expiresAt }: ShownInvitation, now: Date) {
  if (acceptedAt) return 'accepted';
  if (revokedAt) return 'revoked';
  return expiresAt <= now ? 'expired' : 'open';
}

export type InvitationPage = {
  title: string;
  caption: string;
  backLink: Link;
  paragraphs: string[];
  link: { id: 'link'; label: string; value: string } | null;
  sendAgain: { action: string; button: { text: string } } | null;
  revoke: { action: string; button: { text: string; variant: 'secondary' } } | null;
};

/** @param link the link itself, only in the session of the person who has just sent it */
export function invitationPage(
  shown: { tenant: Tenant; invitation: ShownInvitation; link: string | null; mayChange: boolean },
  t: Texts,
  clock: Clock,
): InvitationPage {
  const { tenant, invitation, link } = shown;
  const texts = t.staff.invitation;
  const state = invitationState(invitation, clock.now);
  const shows = link !== null && state === 'open';
  const mayRevoke = shown.mayChange && (state === 'open' || state === 'expired');
  const maySend = mayRevoke && !shows;
  const url = `${listUrl}/${tenant.id}/invitations/${invitation.id}`;
  return {
    title: texts.title,
    caption: tenant.name,
    backLink: { text: tenant.name, href: `${listUrl}/${tenant.id}` },
    paragraphs: shows
      ? [texts.sent(invitation.email), texts.expires(exactTime(invitation.expiresAt, clock)), texts.once]
      : [
          texts.states[state](invitation.email),
          ...(state === 'open' ? [texts.shown] : []),
          ...(maySend ? [texts.again] : []),
        ],
    link: shows ? { id: 'link', label: texts.link, value: link } : null,
    sendAgain: maySend ? { action: `${url}/renewals`, button: { text: texts.sendAnew } } : null,
    revoke: mayRevoke ? { action: `${url}/revocation`, button: { text: texts.revoke, variant: 'secondary' } } : null,
  };
}
