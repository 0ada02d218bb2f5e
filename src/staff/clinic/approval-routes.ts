import { Router, type Request } from 'express';
import { z } from 'zod';
import { seeOther } from '../../platform/http/answers.js';
import { parseForm, textField } from '../../platform/http/forms.js';
import type { Tenant } from '../../tenants/tenant-types.js';
import type { Texts } from '../../texts/texts.js';
import { clinicUrl, noticeUrl } from '../clinic-urls.js';
import { staffOf, staffRequests, type StaffDeps } from '../staff-requests.js';
import { approvalPage, companyName } from './account-approval-page.js';

/** Which account a person decided about last. */
export type Decision = { tenantId: string; did: 'approved' | 'refused'; company: string };

declare module 'express-session' {
  interface SessionData {
    /** For the page that confirms it. */
    decision?: Decision;
  }
}

/** What this person decided for this clinic, for the sentence that confirms it. */
export const decisionOf = ({ session: { decision } }: Request, tenantId: string): Decision | undefined =>
  decision?.tenantId === tenantId ? decision : undefined;

const approvalForm = z.object({ account_id: textField(40) });

/** `/staff/tenants/:tenantId`: administrators decide about an account that waits. */
export function approvalRoutes(deps: StaffDeps): Router {
  const { tenants, connections } = deps;
  const fresh = deps.accounts.requireFreshProof;
  const { administrators, viewed, tenantOf } = staffRequests(deps);

  /** Before the decision, after which the name of a refused company is gone. */
  async function keepDecision(req: Request, tenant: Tenant, accountId: string, did: Decision['did'], t: Texts) {
    const { withheld } = (await connections.view(tenant.id)).connection;
    const company = companyName(withheld?.accountId === accountId ? withheld : { accountId, accountName: null }, t);
    return () => void (req.session.decision = { tenantId: tenant.id, did, company });
  }

  return Router({ mergeParams: true })
    .get('/account-approval', administrators, fresh, async (req, res) => {
      const tenant = await tenantOf(req);
      const view = await connections.view(tenant.id);
      const sharedWith = await tenants.withIds(await connections.othersWithWithheldAccount(tenant.id));
      const page = approvalPage({ tenant, view, sharedWith }, res.locals.t);
      await viewed(req, res, 'tenant.viewed_by_staff', tenant.id);
      if (page) res.render('staff/clinic/approval', { page });
      else seeOther(res, clinicUrl(tenant.id));
    })
    .post('/account-approval', administrators, fresh, async (req, res) => {
      const { actor, origin } = staffOf(req, res);
      const tenant = await tenantOf(req);
      const { account_id: accountId } = parseForm(approvalForm, req.body);
      const keep = await keepDecision(req, tenant, accountId, 'approved', res.locals.t);
      await connections.approveWithheldAccount(tenant.id, accountId, actor.id, origin);
      keep();
      seeOther(res, noticeUrl(tenant.id, 'approved'));
    })
    .post('/account-refusal', administrators, fresh, async (req, res) => {
      const { actor, origin } = staffOf(req, res);
      const tenant = await tenantOf(req);
      const { account_id: accountId } = parseForm(approvalForm, req.body);
      const keep = await keepDecision(req, tenant, accountId, 'refused', res.locals.t);
      await connections.refuseWithheldAccount(tenant.id, accountId, actor.id, origin);
      keep();
      seeOther(res, noticeUrl(tenant.id, 'refused'));
    });
}
