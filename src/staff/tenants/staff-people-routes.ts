import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import type { AccountsInWeb } from '../../accounts/accounts-pages.js';
import { removalPage } from '../../accounts/invitations/people-page.js';
import { refuse } from '../../accounts/invitations/people-routes.js';
import type { Knex } from '../../platform/database/database.js';
import { PortalError } from '../../platform/errors.js';
import { seeOther } from '../../platform/http/answers.js';
import { parseForm, textField } from '../../platform/http/forms.js';
import type { Opener, Sealer } from '../../platform/sealing/sealing.js';
import { keepLink, keptLink } from '../../platform/http/kept-link.js';
import type { World } from '../../platform/world.js';
import type { TenantService } from '../../tenants/tenant-service.js';
import type { Tenant } from '../../tenants/tenant-types.js';
import { invitationPage, invitePage } from './new-tenant-page.js';
import { listUrl } from './tenant-list-page.js';
import { staffOf, staffRequests } from '../staff-requests.js';

type Services = AccountsInWeb['services'];
type Deps = {
  db: Knex;
  world: Pick<World, 'now' | 'newId'>;
  tenants: Pick<TenantService, 'find'>;
  accounts: Pick<AccountsInWeb, 'requireStaffRole'> & {
    services: Pick<Services, 'membersOf' | 'removeMember'> & {
      invitations: Pick<Services['invitations'], 'invite' | 'sendAgain' | 'ofTenant' | 'revoke'>;
    };
  };
  /** Seals the link of an invitation for the session that created it. */
  flashSealing: Sealer & Opener;
};
type Sent = Awaited<ReturnType<Services['invitations']['sendAgain']>>;

const invitationForm = z.object({ email: textField(1000).default('') });
const noFields = z.object({});

/** `/staff/tenants/:tenantId`: a clinic's members and invitations. Auditors may read. */
export function staffPeopleRoutes(deps: Deps): Router {
  const { world } = deps;
  const { membersOf, removeMember, invitations } = deps.accounts.services;
  const changers = deps.accounts.requireStaffRole('operator', 'administrator');
  const { viewed, tenantOf, clockOf } = staffRequests(deps);
  const urlOf = (tenant: Tenant) => `${listUrl}/${tenant.id}`;

  /** If it was sent, the link is shown, only in this session. */
  async function answer(req: Request, res: Response, tenant: Tenant, sent: Sent, typed: string): Promise<void> {
    if (!sent || (!sent.ok && sent.problem === 'tenant_unknown')) throw new PortalError('not_found');
    if (!sent.ok) {
      refuse(res, sent, world.now());
      res.render('staff/invite', { page: invitePage(res.locals.t, tenant, typed, sent, clockOf(tenant, res)) });
      return;
    }
    await keepLink(req.session, deps.flashSealing, {
      purpose: 'invitation_link',
      tenantId: tenant.id,
      id: sent.id,
      url: sent.url,
    });
    seeOther(res, `${urlOf(tenant)}/invitations/${sent.id}`);
  }

  async function showRemoval(req: Request, res: Response): Promise<void> {
    const tenant = await tenantOf(req);
    const members = await membersOf(tenant.id);
    const person = members.find(({ id }) => id === req.params.personId);
    if (!person) throw new PortalError('not_found');
    await viewed(req, res, 'tenant.viewed_by_staff', tenant.id);
    const page = removalPage(res.locals.t, {
      person,
      isSelf: false,
      isLast: members.length === 1,
      tenantName: tenant.name,
      action: `${urlOf(tenant)}/people/${person.id}/removal`,
      back: { text: tenant.name, href: urlOf(tenant) },
      byStaff: true,
    });
    res.render('accounts/removal', { page });
  }

  return Router({ mergeParams: true })
    .post('/invitations', changers, async (req, res) => {
      const { person, origin } = staffOf(req, res);
      const tenant = await tenantOf(req);
      const { email } = parseForm(invitationForm, req.body);
      const sent = await invitations.invite({ tenantId: tenant.id, email, invitedBy: person.id, origin });
      await answer(req, res, tenant, sent, email);
    })
    .get('/invitations/:invitationId', async (req, res) => {
      const { mayChange } = staffOf(req, res);
      const tenant = await tenantOf(req);
      const sent = await invitations.ofTenant(tenant.id);
      const invitation = sent.find(({ id }) => id === req.params.invitationId);
      if (!invitation) throw new PortalError('not_found');
      const link = await keptLink(req.session, deps.flashSealing, {
        purpose: 'invitation_link',
        tenantId: tenant.id,
        id: invitation.id,
      });
      await viewed(req, res, 'tenant.viewed_by_staff', tenant.id);
      const page = invitationPage({ tenant, invitation, link, mayChange }, res.locals.t, clockOf(tenant, res));
      res.render('staff/invitation', { page });
    })
    .post('/invitations/:invitationId/renewals', changers, async (req, res) => {
      const tenant = await tenantOf(req);
      parseForm(noFields, req.body);
      const sent = await invitations.sendAgain(tenant.id, String(req.params.invitationId), staffOf(req, res));
      await answer(req, res, tenant, sent, '');
    })
    .post('/invitations/:invitationId/revocation', changers, async (req, res) => {
      const tenant = await tenantOf(req);
      parseForm(noFields, req.body);
      const id = String(req.params.invitationId);
      if (!(await invitations.revoke(tenant.id, id, staffOf(req, res)))) throw new PortalError('not_found');
      seeOther(res, `${urlOf(tenant)}/invitations/${id}`);
    })
    .get('/people/:personId/removal', changers, showRemoval)
    .post('/people/:personId/removal', changers, async (req, res) => {
      const tenant = await tenantOf(req);
      parseForm(noFields, req.body);
      const removal = await removeMember(tenant.id, String(req.params.personId), staffOf(req, res));
      if (removal === 'not_a_member') throw new PortalError('not_found');
      if (removal === 'last_member') await showRemoval(req, res.status(409));
      else seeOther(res, urlOf(tenant));
    });
}
