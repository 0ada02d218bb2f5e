import { Router } from 'express';
import { z } from 'zod';
import type { AccountsInWeb } from '../../accounts/accounts-pages.js';
import type { Knex } from '../../platform/database/database.js';
import { seeOther } from '../../platform/http/answers.js';
import { parseForm, textField } from '../../platform/http/forms.js';
import type { World } from '../../platform/world.js';
import type { TenantService } from '../../tenants/tenant-service.js';
import { staffOf, staffRequests } from '../staff-requests.js';
import { tenantSettingsPage } from './tenant-settings-page.js';

type Deps = {
  db: Knex;
  world: Pick<World, 'now' | 'newId'>;
  tenants: Pick<TenantService, 'find' | 'setSettings'>;
  accounts: Pick<AccountsInWeb, 'requireStaffRole'>;
};

const settingsForm = z.object({
  language: textField(20).default(''),
  time_zone: textField(100).default(''),
  /** The browser does not send an unchecked box. */
  second_factor: z.literal('needed').optional(),
});

/**
 * `/staff/tenants/:tenantId/settings`: the language and time zone of a clinic's pages and mails, and how its people
 * sign in.
 */
export function tenantSettingsRoutes(deps: Deps): Router {
  const changers = deps.accounts.requireStaffRole('operator', 'administrator');
  const { viewed, tenantOf } = staffRequests(deps);
  return Router({ mergeParams: true })
    .get('/settings', changers, async (req, res) => {
      const tenant = await tenantOf(req);
      await viewed(req, res, 'tenant.viewed_by_staff', tenant.id);
      res.render('staff/tenant-settings', { page: tenantSettingsPage(tenant, tenant, res.locals.t) });
    })
    .post('/settings', changers, async (req, res) => {
      const { actor, origin } = staffOf(req, res);
      const tenant = await tenantOf(req);
      const form = parseForm(settingsForm, req.body);
      const asked = {
        language: form.language,
        timeZone: form.time_zone.trim(),
        membersNeedSecondFactor: form.second_factor === 'needed',
      };
      const set = await deps.tenants.setSettings(tenant.id, asked, actor, origin);
      if (set.ok) seeOther(res, `/staff/tenants/${tenant.id}`);
      else
        res.status(422).render('staff/tenant-settings', {
          page: tenantSettingsPage(tenant, asked, res.locals.t, set.problems),
        });
    });
}
