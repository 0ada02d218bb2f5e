import { Router } from 'express';
import { z } from 'zod';
import { showPage } from '../../platform/http/answers.js';
import { readQuery } from '../../platform/http/forms.js';
import type { TenantService } from '../../tenants/tenant-service.js';
import { tenantChooserPage } from './sign-in-pages.js';

const chooserQuery = z.object({
  after: z
    .string()
    .regex(/^[\w-]{1,100}$/)
    .optional(),
});

/** `/tenants`: the page after sign-in for people with several tenants or none. */
export const tenantChooserRoutes = (tenants: Pick<TenantService, 'pageOfPerson'>): Router =>
  Router().get('/', async (req, res) => {
    const { person, t, brand } = res.locals;
    const { after } = readQuery(chooserQuery, req.query);
    const mine = person ? await tenants.pageOfPerson(person.id, after) : { tenants: [], next: null };
    showPage(res, 'accounts/tenants', tenantChooserPage(t, brand, mine.tenants, mine.next));
  });
