import { Router } from 'express';
import { chosenIn, confirmForm, disownForm, seenIn } from '../../connections/confirmation/confirmation-forms.js';
import { PortalError } from '../../platform/errors.js';
import { seeOther } from '../../platform/http/answers.js';
import { parseForm } from '../../platform/http/forms.js';
import { noticeUrl } from '../clinic-urls.js';
import { staffOf, staffRequests, type StaffDeps } from '../staff-requests.js';

/** How long a person's request waits for the result of a check; after that, the page shows it when it arrives. */
const MOST_WAIT_MS = 8000;

/** `/staff/tenants/:tenantId`: staff say in the place of the clinic whether the proved company is the clinic's. */
export function confirmationRoutes(deps: StaffDeps): Router {
  const { connections } = deps;
  const { changers, tenantOf } = staffRequests(deps);
  return Router({ mergeParams: true })
    .post('/confirmation', changers, async (req, res) => {
      const { actor, origin } = staffOf(req, res);
      const tenant = await tenantOf(req);
      const form = parseForm(confirmForm, req.body);
      const by = { personId: actor.id, isStaff: true } as const;
      const asked = await connections.confirmAccount(tenant.id, seenIn(form), chosenIn(form), by, origin);
      if (asked.kind === 'stale') throw new PortalError('conflict');
      if (asked.kind === 'queued') await connections.waitForCheck(tenant.id, asked.requestId, MOST_WAIT_MS);
      seeOther(res, noticeUrl(tenant.id, 'confirmed'));
    })
    .post('/refusal', changers, async (req, res) => {
      const { actor, origin } = staffOf(req, res);
      const tenant = await tenantOf(req);
      const seen = seenIn(parseForm(disownForm, req.body));
      const by = { personId: actor.id, isStaff: true } as const;
      if ((await connections.disownAccount(tenant.id, seen, by, origin)) === 'stale') throw new PortalError('conflict');
      seeOther(res, noticeUrl(tenant.id, 'disowned'));
    });
}
