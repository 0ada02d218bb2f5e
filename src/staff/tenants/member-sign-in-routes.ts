import { Router, type RequestHandler } from 'express';
import { z } from 'zod';
import type { AccountsInWeb } from '../../accounts/accounts-pages.js';
import type { Knex } from '../../platform/database/database.js';
import { PortalError } from '../../platform/errors.js';
import { seeOther, showPage } from '../../platform/http/answers.js';
import { parseForm } from '../../platform/http/forms.js';
import type { World } from '../../platform/world.js';
import type { TenantService } from '../../tenants/tenant-service.js';
import { memberSignInPage, memberSignInUrl, readMemberSignInNotice } from './member-sign-in-page.js';
import { staffOf, staffRequests } from '../staff-requests.js';

type Deps = {
  db: Knex;
  world: Pick<World, 'now' | 'newId'>;
  tenants: Pick<TenantService, 'find'>;
  accounts: Pick<AccountsInWeb, 'requireStaffRole' | 'freshProofFor'> & {
    services: Pick<AccountsInWeb['services'], 'memberSignIn'>;
  };
};

const noFields = z.object({});

/**
 * `/staff/tenants/:tenantId/people/:personId/sign-in`: how a member signs in, and where they are signed in. Viewing
 * requires a role that may make changes; changes also require a fresh proof.
 */
export function memberSignInRoutes(deps: Deps): Router {
  const { memberSignIn } = deps.accounts.services;
  const changers = deps.accounts.requireStaffRole('operator', 'administrator');
  const { viewed, tenantOf, clockOf } = staffRequests(deps);
  /** The button is on a page without this check, to which the person returns. */
  const fresh: RequestHandler = (req, res, next) => {
    const page = memberSignInUrl(String(req.params.tenantId), String(req.params.personId));
    deps.accounts.freshProofFor(page)(req, res, next);
  };

  return Router({ mergeParams: true })
    .get('/people/:personId/sign-in', changers, async (req, res) => {
      const tenant = await tenantOf(req);
      const found = await memberSignIn.find(tenant.id, String(req.params.personId));
      if (!found) throw new PortalError('not_found');
      await viewed(req, res, 'tenant.viewed_by_staff', tenant.id);
      const notice = readMemberSignInNotice(req.query.notice);
      const facts = { tenant, clock: clockOf(tenant, res), notice };
      showPage(res, 'staff/member-sign-in', memberSignInPage(res.locals.t, found, facts));
    })
    .post('/people/:personId/sign-in/reset', changers, fresh, async (req, res) => {
      const tenant = await tenantOf(req);
      const id = String(req.params.personId);
      parseForm(noFields, req.body);
      const { actor, origin } = staffOf(req, res);
      if (!(await memberSignIn.resetSecondFactor(tenant.id, id, { actor, origin }))) throw new PortalError('not_found');
      seeOther(res, `${memberSignInUrl(tenant.id, id)}?notice=reset`);
    })
    .post('/people/:personId/sign-in/endings', changers, fresh, async (req, res) => {
      const tenant = await tenantOf(req);
      const id = String(req.params.personId);
      parseForm(noFields, req.body);
      const { actor, origin } = staffOf(req, res);
      if (!(await memberSignIn.endSessions(tenant.id, id, { actor, origin }))) throw new PortalError('not_found');
      seeOther(res, `${memberSignInUrl(tenant.id, id)}?notice=ended`);
    });
}
