import { Router, type Request } from 'express';
import { z } from 'zod';
import type { AccountsInWeb } from '../../accounts/accounts-pages.js';
import { form } from '../../accounts/forms/form-page.js';
import type { Knex } from '../../platform/database/database.js';
import { PortalError } from '../../platform/errors.js';
import { seeOther, showPage } from '../../platform/http/answers.js';
import { parseForm } from '../../platform/http/forms.js';
import { timeOfDay } from '../../platform/http/view-helpers.js';
import type { World } from '../../platform/world.js';
import type { TenantService } from '../../tenants/tenant-service.js';
import type { Tenant } from '../../tenants/tenant-types.js';
import { staffOf, staffRequests } from '../staff-requests.js';
import { listUrl } from './tenant-list-page.js';

type Services = AccountsInWeb['services'];
type Deps = {
  db: Knex;
  world: Pick<World, 'now' | 'newId'>;
  tenants: Pick<TenantService, 'find'>;
  accounts: Pick<AccountsInWeb, 'requireStaffRole'> & { services: Pick<Services, 'membersOf' | 'passwordResets'> };
};

const urlOf = (tenantId: string, personId: string): string =>
  `${listUrl}/${tenantId}/people/${personId}/password-reset`;

/**
 * `/staff/tenants/:tenantId/people/:personId/password-reset`: mails a member the reset link that they could request
 * themselves. Staff never see the link and cannot set a password.
 */
export function staffPasswordResetRoutes(deps: Deps): Router {
  const { membersOf, passwordResets } = deps.accounts.services;
  const changers = deps.accounts.requireStaffRole('operator', 'administrator');
  const { viewed, tenantOf, clockOf } = staffRequests(deps);

  async function memberOf(req: Request, tenant: Tenant) {
    const person = (await membersOf(tenant.id)).find(({ id }) => id === req.params.personId);
    if (!person) throw new PortalError('not_found');
    return person;
  }

  return Router({ mergeParams: true })
    .get('/people/:personId/password-reset', changers, async (req, res) => {
      const tenant = await tenantOf(req);
      const { id, name, email } = await memberOf(req, tenant);
      const open = await passwordResets.openLinkOf(id);
      await viewed(req, res, 'tenant.viewed_by_staff', tenant.id);
      const texts = res.locals.t.staff.passwordReset;
      const page = form({
        title: texts.title,
        backLink: { text: tenant.name, href: `${listUrl}/${tenant.id}` },
        action: urlOf(tenant.id, id),
        lead: [texts.who({ name, email }), texts.lead, texts.secondFactor],
        fields: [],
        button: open ? texts.again : texts.button,
        ...(open ? { notice: texts.open(timeOfDay(open.expiresAt, clockOf(tenant, res))) } : {}),
      });
      showPage(res, 'accounts/form', page);
    })
    .post('/people/:personId/password-reset', changers, async (req, res) => {
      const { actor, origin } = staffOf(req, res);
      const tenant = await tenantOf(req);
      const { id } = await memberOf(req, tenant);
      parseForm(z.object({}), req.body);
      if (!(await passwordResets.startForMember(tenant.id, id, actor.id, origin))) throw new PortalError('not_found');
      seeOther(res, urlOf(tenant.id, id));
    });
}
