import { Router } from 'express';
import { showPage } from '../platform/http/answers.js';
import type { TenantService } from '../tenants/tenant-service.js';
import { tenantChooserPage } from './account-pages.js';

/** `/tenants`: where somebody goes after sign-in who belongs to several tenants, or to none. */
export const tenantChooserRoutes = (tenants: Pick<TenantService, 'ofPerson'>): Router =>
  Router().get('/', async (_req, res) => {
    const { person, t, brand } = res.locals;
    const mine = person ? await tenants.ofPerson(person.id) : [];
    showPage(res, 'accounts/tenants', tenantChooserPage(t, brand, mine));
  });
