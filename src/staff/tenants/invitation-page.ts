import type { InviteProblem } from '../../accounts/invitations/invitation-service.js';
import type { ClinicRole } from '../../app/clinic-roles.js';
import { inviteForm, inviteProblemText } from '../../accounts/invitations/people-page.js';
import { mailStateSentence } from '../../notifications/mail-state.js';
import type { MessageState } from '../../platform/outbox.js';
import { exactTime, type Clock } from '../../platform/http/view-helpers.js';
import type { Tenant } from '../../tenants/tenant-types.js';
import type { Texts } from '../../texts/texts.js';
import { clinicUrl } from '../clinic-urls.js';

export const staffInviteForm = (
  t: Texts,
  tenantId: string,
  typed: { email?: string; role: ClinicRole },
  error?: string,
) => {
  const { legend, label: text, hint } = t.staff.invite.byHand;
  return {
    ...inviteForm(t.staff.invite, `${clinicUrl(tenantId)}/invitations`, { t, ...typed }, error),
    byHand: { name: 'by_hand', legend, items: [{ value: 'yes', text, hint }] },
  };
};

/** Shown only after an address was refused; the form is normally part of the tenant's page. */
export function invitePage(
  t: Texts,
  tenant: Tenant,
  typed: { email: string; role: ClinicRole },
  problem: InviteProblem,
  clock: Clock,
) {
  const error = inviteProblemText(t, problem, clock, typed.email);
  return {
    title: t.staff.invite.title(tenant.name),
    backLink: { text: tenant.name, href: clinicUrl(tenant.id, 'people') },
    errors: [{ text: error, href: '#email' }],
    form: staffInviteForm(t, tenant.id, typed, error),
  };
}

export type ShownInvitation = {
  id: string;
  email: string;
  role: ClinicRole;
  expiresAt: Date;
  acceptedAt: Date | null;
  revokedAt: Date | null;
  mail: MessageState | undefined;
  byHand: boolean;
};

export function invitationState({ acceptedAt, revokedAt, expiresAt }: ShownInvitation, now: Date) {
  if (acceptedAt) return 'accepted';
  if (revokedAt) return 'revoked';
  return expiresAt <= now ? 'expired' : 'open';
}

/** @param link the link itself, only in the session of the person who hands it over */
export function invitationPage(
  shown: { tenant: Tenant; invitation: ShownInvitation; link: string | null; mayChange: boolean },
  t: Texts,
  clock: Clock,
) {
  const { tenant, invitation, link } = shown;
  const texts = t.staff.invitation;
  const state = invitationState(invitation, clock.now);
  const mail = mailStateSentence(t, invitation.mail, clock);
  const shows = link !== null && state === 'open';
  const mayRevoke = shown.mayChange && (state === 'open' || state === 'expired');
  const maySend = mayRevoke && !shows;
  const url = `${clinicUrl(tenant.id)}/invitations/${invitation.id}`;
  return {
    title: invitation.byHand ? texts.titleByHand : texts.title,
    caption: tenant.name,
    backLink: { text: tenant.name, href: clinicUrl(tenant.id, 'people') },
    paragraphs: shows
      ? [texts.handOver(invitation.email), texts.expires(exactTime(invitation.expiresAt, clock)), texts.once]
      : [
          texts.states[state](invitation.email),
          ...(!invitation.byHand && (state === 'open' || state === 'expired') ? [mail] : []),
          ...(state === 'open' ? [invitation.byHand ? texts.handed : texts.mailed] : []),
          ...(maySend ? [texts.again] : []),
        ],
    link: shows ? { id: 'link', label: texts.link, value: link } : null,
    sendAgain: maySend ? { action: `${url}/renewals`, button: { text: texts.sendAgain } } : null,
    // The link is shown only to those who say that they hand it over themselves.
    showLink: maySend
      ? {
          action: `${url}/renewals`,
          button: { text: texts.showLink, variant: 'secondary', name: 'by_hand', value: 'yes' },
        }
      : null,
    revoke: mayRevoke ? { action: `${url}/revocation`, button: { text: texts.revoke, variant: 'secondary' } } : null,
  };
}
