import { Router, type Request, type RequestHandler, type Response } from 'express';
import { z } from 'zod';
import { clinicRoles, type ClinicRole } from '../../app/clinic-roles.js';
import type { AccountsInWeb } from '../../accounts/accounts-pages.js';
import { form } from '../../accounts/forms/form-page.js';
import { keepTypedAddress } from '../../accounts/invitations/typed-address.js';
import { removalPage } from '../../accounts/invitations/people-page.js';
import { refuse, roleForm } from '../../accounts/invitations/people-routes.js';
import { isLastOwner } from '../../accounts/invitations/people-service.js';
import { offeredRole, rolePage } from '../../accounts/invitations/role-page.js';
import { mailStateSentence } from '../../notifications/mail-state.js';
import { PortalError } from '../../platform/errors.js';
import { seeOther } from '../../platform/http/answers.js';
import { parseForm, textField } from '../../platform/http/forms.js';
import { keepLink, keptLink } from '../../platform/http/kept-link.js';
import { timeOfDay } from '../../platform/http/view-helpers.js';
import type { Opener, Sealer } from '../../platform/sealing/sealing.js';
import type { Tenant } from '../../tenants/tenant-types.js';
import { staffOf, staffRequests, type StaffDeps } from '../staff-requests.js';
import { memberSignInPage, memberSignInUrl, readMemberSignInNotice } from './member-sign-in-page.js';
import { invitationPage, invitePage } from './invitation-page.js';
import { clinicUrl, noticeUrl } from '../clinic-urls.js';
import { listUrl } from './tenant-filter.js';

type Typed = { email: string; role: ClinicRole };
type Sent = Awaited<ReturnType<AccountsInWeb['services']['invitations']['sendAgain']>>;

const byHand = z.literal('yes').optional();
const invitationForm = z.object({
  email: textField(1000).default(''),
  role: z.enum(clinicRoles).optional(),
  by_hand: byHand,
});
const renewalForm = z.object({ by_hand: byHand });
const noFields = z.object({});
const urlOf = (tenant: Tenant) => clinicUrl(tenant.id);
const peopleUrlOf = (tenant: Tenant) => clinicUrl(tenant.id, 'people');

/**
 * `/staff/tenants/:tenantId`: a clinic's members and invitations. Auditors may read invitations.
 *
 * @param flashSealing seals the link of an invitation for the session that created it
 */
export function staffPeopleRoutes(deps: StaffDeps, flashSealing: Sealer & Opener): Router {
  const { world } = deps;
  const { membersOf, removeMember, setMemberRole, invitations, passwordResets, memberSignIn } = deps.accounts.services;
  const { changers, administrators, viewed, tenantOf, clockOf } = staffRequests(deps);
  const freshFactor = deps.accounts.requireFreshProof;
  /** The form is on a page without this check, to which the person returns. */
  const freshFor =
    (pageOf: (ids: Record<string, string>) => string): RequestHandler =>
    (req, res, next) =>
      deps.accounts.freshProofFor(pageOf(req.params as Record<string, string>), keepTypedAddress)(req, res, next);
  const fresh = freshFor(({ tenantId = '', personId = '' }) => memberSignInUrl(tenantId, personId));
  const freshForTenant = freshFor(({ tenantId = '' }) => clinicUrl(tenantId, 'people'));
  const freshForInvitation = freshFor(
    ({ tenantId = '', invitationId = '' }) => `${listUrl}/${tenantId}/invitations/${invitationId}`,
  );

  /** A link that the person hands over is shown, only in this session; others are seen by their addressee only. */
  async function answer(
    req: Request,
    res: Response,
    { tenant, sent, typed, byHand }: { tenant: Tenant; sent: Sent; typed: Typed; byHand: boolean },
  ): Promise<void> {
    if (!sent || (!sent.ok && sent.problem === 'tenant_unknown')) throw new PortalError('not_found');
    if (!sent.ok) {
      refuse(res, sent, world.now());
      res.render('staff/invite', { page: invitePage(res.locals.t, tenant, typed, sent, clockOf(res, tenant)) });
      return;
    }
    const { id, url } = sent;
    if (byHand) await keepLink(req.session, flashSealing, { purpose: 'invitation_link', tenantId: tenant.id, id, url });
    seeOther(res, `${urlOf(tenant)}/invitations/${id}`);
  }

  async function memberOf(req: Request, tenant: Tenant) {
    const members = await membersOf(tenant.id);
    const person = members.find(({ id }) => id === req.params.personId);
    if (!person) throw new PortalError('not_found');
    return { person, isLast: isLastOwner(person, members) };
  }

  async function showRemoval(req: Request, res: Response): Promise<void> {
    const tenant = await tenantOf(req);
    const { person, isLast } = await memberOf(req, tenant);
    await viewed(req, res, 'tenant.viewed_by_staff', tenant.id);
    const page = removalPage(res.locals.t, {
      person,
      isSelf: false,
      isLast,
      tenantName: tenant.name,
      action: `${urlOf(tenant)}/people/${person.id}/removal`,
      back: { text: tenant.name, href: peopleUrlOf(tenant) },
      byStaff: true,
    });
    res.render('accounts/invitations/removal', { page });
  }

  async function showRole(req: Request, res: Response, wasRefused = false): Promise<void> {
    const tenant = await tenantOf(req);
    const asked = await memberOf(req, tenant);
    await viewed(req, res, 'tenant.viewed_by_staff', tenant.id);
    const action = `${urlOf(tenant)}/people/${asked.person.id}/role`;
    const back = { text: tenant.name, href: peopleUrlOf(tenant) };
    const page = rolePage(res.locals.t, { ...asked, tenantName: tenant.name, action, back, wasRefused, byStaff: true });
    res.render('accounts/invitations/role', { page });
  }

  /** The handler of a button. @param act returns false if the clinic has no such person or invitation */
  const button =
    (
      act: (tenantId: string, id: string, by: ReturnType<typeof staffOf>) => Promise<boolean>,
      next: (tenant: Tenant, id: string) => string,
    ): RequestHandler =>
    async (req, res) => {
      const tenant = await tenantOf(req);
      parseForm(noFields, req.body);
      const id = String(req.params.invitationId ?? req.params.personId);
      if (!(await act(tenant.id, id, staffOf(req, res)))) throw new PortalError('not_found');
      seeOther(res, next(tenant, id));
    };

  return (
    Router({ mergeParams: true })
      .post('/invitations', changers, freshForTenant, async (req, res) => {
        const { actor, origin } = staffOf(req, res);
        const tenant = await tenantOf(req);
        const { email, role: chosen, by_hand: handed } = parseForm(invitationForm, req.body);
        const role = chosen ?? offeredRole(await membersOf(tenant.id), []);
        const byHand = handed === 'yes';
        const sent = await invitations.invite({
          tenantId: tenant.id,
          email,
          role,
          invitedBy: actor.id,
          byHand,
          origin,
        });
        delete req.session.typedAddress;
        await answer(req, res, { tenant, sent, typed: { email, role }, byHand });
      })
      .get('/invitations/:invitationId', async (req, res) => {
        const { mayChange } = staffOf(req, res);
        const tenant = await tenantOf(req);
        const sent = await invitations.ofTenant(tenant.id);
        const invitation = sent.find(({ id }) => id === req.params.invitationId);
        if (!invitation) throw new PortalError('not_found');
        const kept = { purpose: 'invitation_link', tenantId: tenant.id, id: invitation.id } as const;
        const link = await keptLink(req.session, flashSealing, kept);
        await viewed(req, res, 'tenant.viewed_by_staff', tenant.id);
        const page = invitationPage({ tenant, invitation, link, mayChange }, res.locals.t, clockOf(res, tenant));
        res.render('staff/invitation', { page });
      })
      .post('/invitations/:invitationId/renewals', changers, freshForInvitation, async (req, res) => {
        const tenant = await tenantOf(req);
        const byHand = parseForm(renewalForm, req.body).by_hand === 'yes';
        const id = String(req.params.invitationId);
        const sent = await invitations.sendAgain(tenant.id, id, staffOf(req, res), byHand);
        await answer(req, res, { tenant, sent, typed: { email: '', role: 'member' }, byHand });
      })
      .post(
        '/invitations/:invitationId/revocation',
        changers,
        freshForInvitation,
        button(invitations.revoke, (tenant, id) => `${urlOf(tenant)}/invitations/${id}`),
      )
      .get('/people/:personId/removal', administrators, freshFactor, showRemoval)
      .post('/people/:personId/removal', administrators, freshFactor, async (req, res) => {
        const tenant = await tenantOf(req);
        parseForm(noFields, req.body);
        const removal = await removeMember(tenant.id, String(req.params.personId), staffOf(req, res));
        if (removal === 'not_a_member') throw new PortalError('not_found');
        if (removal === 'last_owner') await showRemoval(req, res.status(409));
        else seeOther(res, noticeUrl(tenant.id, 'removed'));
      })
      .get('/people/:personId/role', administrators, freshFactor, (req, res) => showRole(req, res))
      .post('/people/:personId/role', administrators, freshFactor, async (req, res) => {
        const tenant = await tenantOf(req);
        const { role } = parseForm(roleForm, req.body);
        const change = await setMemberRole(tenant.id, String(req.params.personId), role, staffOf(req, res));
        if (change === 'not_a_member') throw new PortalError('not_found');
        if (change === 'last_owner') await showRole(req, res.status(409), true);
        else seeOther(res, noticeUrl(tenant.id, 'role'));
      })
      // Mails a member the reset link that they could request themselves. Staff never see it and cannot set a password.
      .get('/people/:personId/password-reset', changers, async (req, res) => {
        const tenant = await tenantOf(req);
        const { id, name, email } = (await memberOf(req, tenant)).person;
        const open = await passwordResets.openLinkOf(id);
        await viewed(req, res, 'tenant.viewed_by_staff', tenant.id);
        const texts = res.locals.t.staff.passwordReset;
        const page = form({
          title: texts.title,
          backLink: { text: tenant.name, href: peopleUrlOf(tenant) },
          action: `${urlOf(tenant)}/people/${id}/password-reset`,
          lead: [
            texts.who({ name, email }),
            ...(open ? [mailStateSentence(res.locals.t, open.mail, clockOf(res, tenant))] : []),
            texts.lead,
            texts.secondFactor,
          ],
          fields: [],
          button: open ? texts.again : texts.button,
          ...(open ? { notice: texts.open(timeOfDay(open.expiresAt, clockOf(res, tenant))) } : {}),
        });
        res.render('accounts/form', { page });
      })
      .post(
        '/people/:personId/password-reset',
        changers,
        button(
          (tenantId, id, { actor, origin }) => passwordResets.startForMember(tenantId, id, actor.id, origin),
          (tenant, id) => `${urlOf(tenant)}/people/${id}/password-reset`,
        ),
      )
      .get('/people/:personId/sign-in', changers, async (req, res) => {
        const tenant = await tenantOf(req);
        const found = await memberSignIn.find(tenant.id, String(req.params.personId));
        if (!found) throw new PortalError('not_found');
        await viewed(req, res, 'tenant.viewed_by_staff', tenant.id);
        const notice = readMemberSignInNotice(req.query.notice);
        const page = memberSignInPage(res.locals.t, found, {
          tenant,
          clock: clockOf(res, tenant),
          notice,
          mayManage: staffOf(req, res).mayManage,
        });
        res.render('staff/member-sign-in', { page });
      })
      .post(
        '/people/:personId/sign-in/reset',
        administrators,
        fresh,
        button(
          (tenantId, id, by) => memberSignIn.resetSecondFactor(tenantId, id, by),
          ({ id }, personId) => `${memberSignInUrl(id, personId)}?notice=reset`,
        ),
      )
      .post(
        '/people/:personId/sign-in/endings',
        administrators,
        fresh,
        button(
          (tenantId, id, by) => memberSignIn.endSessions(tenantId, id, by),
          ({ id }, personId) => `${memberSignInUrl(id, personId)}?notice=ended`,
        ),
      )
  );
}
