import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Router } from 'express';
import { z } from 'zod';
import { form } from '../accounts/forms/form-page.js';
import type { Actor, Origin } from '../audit/audit-events.js';
import { showPage } from '../platform/http/answers.js';
import { parseForm } from '../platform/http/forms.js';
import { staffOf, staffRequests, type StaffDeps } from '../staff/staff-requests.js';
import { listUrl } from '../staff/tenants/tenant-list-page.js';

export const exportUrl = '/staff/clinics-csv';

type Deps = StaffDeps & { clinicList: (actor: Actor, origin: Origin) => Promise<AsyncIterable<string>> };

/** `/staff/clinics-csv`: all clinics as a file. It has addresses of people, so it needs what the data of one needs. */
export function exportRoutes(deps: Deps): Router {
  const { administrators } = staffRequests(deps);
  const fresh = deps.accounts.requireFreshProof;
  return Router()
    .get('/', administrators, fresh, (_req, res) => {
      const { clinicFiles, list } = res.locals.t.staff;
      const texts = clinicFiles.export;
      const page = form({
        title: texts.title,
        backLink: { text: list.title, href: listUrl },
        action: exportUrl,
        lead: [texts.what, texts.safe, texts.care],
        button: texts.button,
      });
      showPage(res, 'accounts/form', page);
    })
    .post('/', administrators, fresh, async (req, res) => {
      const { actor, origin } = staffOf(req, res);
      parseForm(z.object({}), req.body);
      const lines = await deps.clinicList(actor, origin);
      const day = deps.world.now().toISOString().slice(0, 10);
      res.type('csv').attachment(`clinics-${day}.csv`);
      // A failure in the middle closes the connection, so that the browser does not keep half a file as a whole one.
      await pipeline(Readable.from(lines), res);
    });
}
