import { Router } from 'express';
import { z } from 'zod';
import { seeOther } from '../platform/http/answers.js';
import { parseForm, textField } from '../platform/http/forms.js';
import { noticeUrl } from './clinic-urls.js';
import { staffOf, staffRequests, type StaffDeps } from './staff-requests.js';
import { newTenantPage } from './tenants/tenant-form-pages.js';
import { tenantListRoute } from './tenants/tenant-list-route.js';

const tenantForm = z.object({
  name: textField(1000).default(''),
  external_ref: textField(1000).default(''),
  environment: textField(100).default(''),
  language: textField(20).optional(),
  time_zone: textField(100).default(''),
});

/**
 * `/staff/tenants`: which clinic fails, since when, why, and who must fix it. Auditors may read. No page shows a
 * secret.
 */
export function staffRoutes(deps: StaffDeps): Router {
  const { tenants } = deps;
  const { changers } = staffRequests(deps);
  return Router({ mergeParams: true })
    .get('/', tenantListRoute(deps))
    .get('/new', changers, (_req, res) =>
      res.render('staff/new-tenant', { page: newTenantPage(res.locals.t, tenants.environments) }),
    )
    .post('/', changers, async (req, res) => {
      const { actor, origin } = staffOf(req, res);
      const form = parseForm(tenantForm, req.body);
      const asked = {
        name: form.name,
        externalRef: form.external_ref,
        // The form sends no environment if there is only one.
        environment: form.environment === '' && tenants.environments.length === 1 ? undefined : form.environment,
        language: form.language,
        timeZone: form.time_zone.trim(),
      };
      const created = await tenants.create(asked, actor, origin);
      if (created.ok) seeOther(res, noticeUrl(created.tenant.id, 'created'));
      else
        res.status(422).render('staff/new-tenant', {
          page: newTenantPage(res.locals.t, tenants.environments, asked, created.problems),
        });
    });
}
