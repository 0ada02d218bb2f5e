import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { typedAddressOf } from '../accounts/invitations/typed-address.js';
import { auditStore } from '../audit/audit-store.js';
import type { IsvFacts } from '../connections/pages/cause-page.js';
import { noticesOf } from '../notifications/notices.js';
import { retryAfter, seeOther } from '../platform/http/answers.js';
import { parseForm, readQuery, textField } from '../platform/http/forms.js';
import { offeredMethods } from '../tenants/offered-methods.js';
import type { Tenant } from '../tenants/tenant-types.js';
import type { Row } from '../platform/http/content.js';
import type { Clock } from '../platform/http/view-helpers.js';
import type { Texts, TextsIn } from '../texts/texts.js';
import { MOST_EVENTS } from './activity/activity-page.js';
import { eventsQuery } from './activity/activity-routes.js';
import { staffOf, staffRequests, type StaffDeps } from './staff-requests.js';
import { newTenantPage, tenantSettingsPage } from './tenants/tenant-form-pages.js';
import { listUrl } from './tenants/tenant-list-page.js';
import { tenantListRoute } from './tenants/tenant-list-route.js';
import { approvalPage } from './tenants/account-approval-page.js';
import {
  MOST_CHECKS,
  readTenantNotice,
  staffTenantPage,
  tenantUrl,
  type TenantNotice,
} from './tenants/staff-tenant-page.js';

type Facts = {
  isvFor: (environment: 'production' | 'biz') => IsvFacts;
  textsIn: TextsIn;
  hasSignInApp: (environment: 'production' | 'biz') => boolean;
  elsewhere: Elsewhere;
};

/** What capabilities that build on the staff pages say of one clinic. */
export type Elsewhere = {
  /** The newest disconnection: when, by whom, what is open, and the receipt. Empty if there was none. */
  disconnectionRows: (tenantId: string, facts: { t: Texts; clock: Clock }) => Promise<Row[]>;
  /** How many of its events wait to be delivered to the ISV's programs. */
  openDeliveries: (tenantId: string) => Promise<number>;
  /** The page of a clinic that has left; null if it has not. */
  pageOfLeft: (tenantId: string) => Promise<string | null>;
};

const MOST_MAILS = 20;
/** How long a person's request waits for the result of a check; after that, the page shows it when it arrives. */
const MOST_WAIT_MS = 8000;

const tenantForm = z.object({
  name: textField(1000).default(''),
  external_ref: textField(1000).default(''),
  environment: textField(100).default(''),
  language: textField(20).optional(),
  time_zone: textField(100).default(''),
});
const settingsForm = z.object({
  language: textField(20).default(''),
  time_zone: textField(100).default(''),
  /** The browser does not send an unchecked box. */
  second_factor: z.literal('needed').optional(),
  /** Only where the ISV has an app for sign-ins. */
  methods: z.enum(offeredMethods).optional(),
});
const noFields = z.object({});
const approvalForm = z.object({ account_id: textField(40) });
/**
 * `/staff/tenants`: which clinic fails, since when, why, and who must fix it. Auditors may read. No page shows a
 * secret.
 */
export function staffRoutes(deps: StaffDeps, { isvFor, textsIn, hasSignInApp, elsewhere }: Facts): Router {
  const { db, world, tenants, connections } = deps;
  const { people, membersOf, invitations } = deps.accounts.services;
  const fresh = deps.accounts.requireFreshProof;
  const { changers, administrators, viewed, tenantOf, clockOf } = staffRequests(deps);

  const offerableTo = (tenant: Tenant) => ({ ...tenant, hasSignInApp: hasSignInApp(tenant.environment) });

  async function evidenceOf(tenant: Tenant, before: number | undefined, shownWith: { t: Texts; clock: Clock }) {
    const [disconnection, openDeliveries] = await Promise.all([
      elsewhere.disconnectionRows(tenant.id, shownWith),
      elsewhere.openDeliveries(tenant.id),
    ]);
    const [view, withheldIsShared, checks, past, notices, found, sent, members] = await Promise.all([
      connections.view(tenant.id),
      connections.isWithheldAccountShared(tenant.id),
      connections.history(tenant.id, MOST_CHECKS),
      connections.past(tenant.id),
      noticesOf(db, tenant.id, MOST_MAILS),
      auditStore(db, world)
        .forTenant(tenant.id)
        .newest(MOST_EVENTS + 1, before),
      invitations.ofTenant(tenant.id),
      membersOf(tenant.id),
    ]);
    const events = found.slice(0, MOST_EVENTS);
    const ids = [
      ...events.map(({ actorId }) => actorId),
      ...sent.map(({ invitedBy }) => invitedBy),
      ...past.incidents.map(({ closing }) => closing?.by ?? null),
      ...notices.map(({ personId }) => personId),
      ...view.retired.map(({ credential }) => credential.submittedBy),
    ];
    const names = await people([...new Set(ids.filter((id) => id !== null))]);
    const paging = { more: found.length > events.length, paged: before !== undefined };
    const of = { tenant, view, withheldIsShared, checks, past, notices, events, invitations: sent, members, names };
    return { ...of, ...paging, disconnection, openDeliveries };
  }

  async function show(req: Request, res: Response, tenant: Tenant, notice?: TenantNotice): Promise<void> {
    const { mayChange, mayManage } = staffOf(req, res);
    const { before } = readQuery(eventsQuery, req.query);
    const { t } = res.locals;
    const clock = clockOf(res, tenant);
    const evidence = { ...(await evidenceOf(tenant, before, { t, clock })), kept: typedAddressOf(req, tenant.id) };
    await viewed(req, res, 'tenant.viewed_by_staff', tenant.id);
    const isv = isvFor(tenant.environment);
    const signsIn = hasSignInApp(tenant.environment);
    const facts = { t, textsIn, clock, isv, hasSignInApp: signsIn, mayChange, mayManage };
    res.render('staff/tenant', { page: staffTenantPage(evidence, facts, notice) });
  }

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
      if (created.ok) seeOther(res, tenantUrl(created.tenant.id, 'created'));
      else
        res.status(422).render('staff/new-tenant', {
          page: newTenantPage(res.locals.t, tenants.environments, asked, created.problems),
        });
    })
    .get('/:tenantId', async (req, res) => {
      const left = await elsewhere.pageOfLeft(req.params.tenantId);
      if (left === null) await show(req, res, await tenantOf(req), readTenantNotice(req.query.notice));
      else seeOther(res, left);
    })
    .post('/:tenantId/checks', changers, async (req, res) => {
      const { actor, origin } = staffOf(req, res);
      const tenant = await tenantOf(req);
      parseForm(noFields, req.body);
      const asked = await connections.requestCheck(tenant.id, { personId: actor.id, isStaff: true }, origin);
      if (asked.kind === 'limited') {
        await show(req, retryAfter(res.status(429), asked.until, world.now()), tenant, { until: asked.until });
        return;
      }
      if (asked.kind === 'queued') await connections.waitForCheck(tenant.id, asked.requestId, MOST_WAIT_MS);
      seeOther(res, tenantUrl(tenant.id, asked.kind === 'queued' ? 'checked' : 'nothing'));
    })
    .get('/:tenantId/settings', administrators, fresh, async (req, res) => {
      const tenant = await tenantOf(req);
      await viewed(req, res, 'tenant.viewed_by_staff', tenant.id);
      res.render('staff/tenant-settings', { page: tenantSettingsPage(offerableTo(tenant), tenant, res.locals.t) });
    })
    .post('/:tenantId/settings', administrators, fresh, async (req, res) => {
      const { actor, origin } = staffOf(req, res);
      const tenant = await tenantOf(req);
      const form = parseForm(settingsForm, req.body);
      const asked = {
        language: form.language,
        timeZone: form.time_zone.trim(),
        membersNeedSecondFactor: form.second_factor === 'needed',
        offeredMethods: form.methods,
      };
      const set = await tenants.setSettings(tenant.id, asked, actor, origin);
      if (set.ok) seeOther(res, tenantUrl(tenant.id, 'saved'));
      else
        res.status(422).render('staff/tenant-settings', {
          page: tenantSettingsPage(offerableTo(tenant), asked, res.locals.t, set.problems),
        });
    })
    .get('/:tenantId/account-approval', administrators, fresh, async (req, res) => {
      const tenant = await tenantOf(req);
      const view = await connections.view(tenant.id);
      const withheldIsShared = await connections.isWithheldAccountShared(tenant.id);
      const page = approvalPage({ tenant, view, withheldIsShared }, res.locals.t);
      await viewed(req, res, 'tenant.viewed_by_staff', tenant.id);
      if (page) res.render('staff/approval', { page });
      else seeOther(res, `${listUrl}/${tenant.id}`);
    })
    .post('/:tenantId/account-approval', administrators, fresh, async (req, res) => {
      const { actor, origin } = staffOf(req, res);
      const tenant = await tenantOf(req);
      const { account_id: accountId } = parseForm(approvalForm, req.body);
      await connections.approveWithheldAccount(tenant.id, accountId, actor.id, origin);
      seeOther(res, tenantUrl(tenant.id, 'approved'));
    })
    .post('/:tenantId/account-refusal', administrators, fresh, async (req, res) => {
      const { actor, origin } = staffOf(req, res);
      const tenant = await tenantOf(req);
      const { account_id: accountId } = parseForm(approvalForm, req.body);
      await connections.refuseWithheldAccount(tenant.id, accountId, actor.id, origin);
      seeOther(res, tenantUrl(tenant.id, 'refused'));
    });
}
