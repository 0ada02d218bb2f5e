import { Router, type Request, type RequestHandler, type Response } from 'express';
import { z } from 'zod';
import type { IsvFacts } from '../../connections/pages/cause-page.js';
import { retryAfter, seeOther } from '../../platform/http/answers.js';
import { parseForm, readQuery, textField } from '../../platform/http/forms.js';
import { offeredMethods } from '../../tenants/offered-methods.js';
import type { Tenant } from '../../tenants/tenant-types.js';
import type { TextsIn } from '../../texts/texts.js';
import { eventsQuery } from '../activity/activity-routes.js';
import { staffOf, staffRequests, type StaffDeps } from '../staff-requests.js';
import { tenantSettingsPage } from '../tenants/tenant-form-pages.js';
import { decisionOf } from './approval-routes.js';
import { checksPage } from './checks-page.js';
import { clinicActivityPage } from './clinic-activity-page.js';
import { clinicReader, type ClinicFacts, type ClinicSeen, type Elsewhere } from './clinic-evidence.js';
import { noticeUrl, readClinicNotice, type ClinicNotice, type ClinicPage } from '../clinic-urls.js';
import { overviewPage } from './overview-page.js';
import { clinicPeoplePage } from './people-page.js';
import { settingsPage } from './settings-page.js';

export type ClinicsOfIsv = {
  isvFor: (environment: Tenant['environment']) => IsvFacts;
  textsIn: TextsIn;
  hasSignInApp: (environment: Tenant['environment']) => boolean;
  elsewhere: Elsewhere;
};

/** How long a person's request waits for the result of a check; after that, the page shows it when it arrives. */
const MOST_WAIT_MS = 8000;

const settingsForm = z.object({
  language: textField(20).default(''),
  time_zone: textField(100).default(''),
  /** The browser does not send an unchecked box. */
  second_factor: z.literal('needed').optional(),
  /** Only where the ISV has an app for sign-ins. */
  methods: z.enum(offeredMethods).optional(),
});
const noFields = z.object({});

/** `/staff/tenants/:tenantId`: the pages of one clinic, and what staff do there. Auditors may read. */
export function clinicRoutes(deps: StaffDeps, { isvFor, textsIn, hasSignInApp, elsewhere }: ClinicsOfIsv): Router {
  const { world, tenants, connections } = deps;
  const fresh = deps.accounts.requireFreshProof;
  const { changers, administrators, viewed, tenantOf, clockOf } = staffRequests(deps);
  const reader = clinicReader(deps, elsewhere);

  const offerableTo = (tenant: Tenant) => ({ ...tenant, hasSignInApp: hasSignInApp(tenant.environment) });

  function factsOf(req: Request, res: Response, tenant: Tenant): ClinicFacts {
    const { mayChange, mayManage } = staffOf(req, res);
    const isv = isvFor(tenant.environment);
    const signsIn = hasSignInApp(tenant.environment);
    const { t } = res.locals;
    const decision = decisionOf(req, tenant.id);
    return { t, textsIn, clock: clockOf(res, tenant), isv, hasSignInApp: signsIn, mayChange, mayManage, decision };
  }

  type Shown = { req: Request; seen: ClinicSeen; facts: ClinicFacts; notice: ClinicNotice | undefined };
  const pageOf: Record<ClinicPage, (shown: Shown) => Promise<object>> = {
    overview: async ({ seen, facts, notice }) => overviewPage(await reader.overview(seen, facts), facts, notice),
    people: async ({ req, seen, facts, notice }) => clinicPeoplePage(await reader.people(seen, req), facts, notice),
    checks: async ({ seen, facts, notice }) => checksPage(await reader.checks(seen), facts, notice),
    activity: async ({ req, seen, facts }) =>
      clinicActivityPage(await reader.activity(seen, readQuery(eventsQuery, req.query).before), facts),
    settings: ({ seen, facts, notice }) => Promise.resolve(settingsPage(seen, facts, notice)),
  };

  async function show(req: Request, res: Response, tenant: Tenant, page: ClinicPage, done?: ClinicNotice) {
    const facts = factsOf(req, res, tenant);
    const notice = done ?? readClinicNotice(req.query.notice, page);
    const shown = await pageOf[page]({ req, seen: await reader.seen(tenant), facts, notice });
    await viewed(req, res, 'tenant.viewed_by_staff', tenant.id);
    res.render(`staff/clinic/${page}`, { page: shown });
  }

  const showing =
    (page: ClinicPage): RequestHandler<{ tenantId: string }> =>
    async (req, res) => {
      const left = await elsewhere.pageOfLeft(req.params.tenantId);
      if (left === null) await show(req as Request, res, await tenantOf(req as Request), page);
      else seeOther(res, left);
    };

  return Router({ mergeParams: true })
    .get('/', showing('overview'))
    .get('/people', showing('people'))
    .get('/checks', showing('checks'))
    .get('/activity', showing('activity'))
    .get('/settings', showing('settings'))
    .post('/checks', changers, async (req, res) => {
      const { actor, origin } = staffOf(req, res);
      const tenant = await tenantOf(req);
      parseForm(noFields, req.body);
      const asked = await connections.requestCheck(tenant.id, { personId: actor.id, isStaff: true }, origin);
      if (asked.kind === 'limited') {
        await show(req, retryAfter(res.status(429), asked.until, world.now()), tenant, 'checks', {
          until: asked.until,
          of: 'checks',
        });
        return;
      }
      if (asked.kind === 'queued') await connections.waitForCheck(tenant.id, asked.requestId, MOST_WAIT_MS);
      seeOther(res, noticeUrl(tenant.id, asked.kind === 'queued' ? 'checked' : 'nothing'));
    })
    .post('/fix-mails', changers, async (req, res) => {
      const { actor, origin } = staffOf(req, res);
      const tenant = await tenantOf(req);
      parseForm(noFields, req.body);
      const mailed = await elsewhere.fixes.mailFix(tenant.id, actor.id, origin);
      if (mailed.kind === 'limited') {
        const answer = retryAfter(res.status(429), mailed.until, world.now());
        await show(req, answer, tenant, 'overview', { until: mailed.until, of: 'fix' });
      } else seeOther(res, noticeUrl(tenant.id, mailed.kind));
    })
    .get('/settings/change', administrators, fresh, async (req, res) => {
      const tenant = await tenantOf(req);
      await viewed(req, res, 'tenant.viewed_by_staff', tenant.id);
      res.render('staff/clinic/settings-form', {
        page: tenantSettingsPage(offerableTo(tenant), tenant, res.locals.t),
      });
    })
    .post('/settings/change', administrators, fresh, async (req, res) => {
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
      if (set.ok) seeOther(res, noticeUrl(tenant.id, 'saved'));
      else
        res.status(422).render('staff/clinic/settings-form', {
          page: tenantSettingsPage(offerableTo(tenant), asked, res.locals.t, set.problems),
        });
    });
}
