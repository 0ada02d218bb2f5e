import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Router } from 'express';
import { z } from 'zod';
import { form } from '../accounts/forms/form-page.js';
import type { Actor, Origin } from '../audit/audit-events.js';
import { parseForm } from '../platform/http/forms.js';
import { clinicUrl } from '../staff/clinic-urls.js';
import { staffOf, staffRequests, type StaffDeps } from '../staff/staff-requests.js';

const noFields = z.object({});

type Deps = StaffDeps & {
  exportOf: (tenantId: string, actor: Actor, origin: Origin) => Promise<AsyncIterable<string>>;
};

/** `/staff/tenants/:tenantId/export`: everything that is held on the clinic, as a file. */
export function exportRoutes(deps: Deps): Router {
  const { world, exportOf } = deps;
  const { administrators, viewed, tenantOf } = staffRequests(deps);
  const fresh = deps.accounts.requireFreshProof;
  return Router({ mergeParams: true })
    .get('/', administrators, fresh, async (req, res) => {
      const tenant = await tenantOf(req);
      await viewed(req, res, 'tenant.viewed_by_staff', tenant.id);
      const texts = res.locals.t.staff.export;
      const page = form({
        title: texts.title,
        backLink: { text: tenant.name, href: clinicUrl(tenant.id, 'settings') },
        action: `${clinicUrl(tenant.id)}/export`,
        lead: [texts.what, texts.without, texts.care],
        button: texts.button,
      });
      res.render('accounts/form', { page });
    })
    .post('/', administrators, fresh, async (req, res) => {
      const { actor, origin } = staffOf(req, res);
      const tenant = await tenantOf(req);
      parseForm(noFields, req.body);
      const lines = await exportOf(tenant.id, actor, origin);
      const day = world.now().toISOString().slice(0, 10);
      res.type('json').attachment(`clinic-${tenant.id}-${day}.json`);
      // A failure in the middle closes the connection, so that the browser does not keep half a file as a whole one.
      await pipeline(Readable.from(ended(lines)), res);
    });
}

async function* ended(lines: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const line of lines) yield `${line}\n`;
}
