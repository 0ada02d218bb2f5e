import { Router } from 'express';
import { z } from 'zod';
import type { ChecksBudget } from '../connections/checks/effective-interval.js';
import { PortalError } from '../platform/errors.js';
import { seeOther } from '../platform/http/answers.js';
import { parseForm, readQuery, textField } from '../platform/http/forms.js';
import { staffOf, staffRequests, type StaffDeps } from '../staff/staff-requests.js';
import { cursorText, readCursor } from './cursor.js';
import type { NightlyRun } from './nightly-run.js';
import { preflightNotices, preflightPage, preflightUrl, runTimePage } from './preflight-page.js';
import type { PreflightService } from './preflight-service.js';
import { nextRunAt } from './run-time.js';

const HOUR_MS = 3_600_000;
/** Where the page looks if no nightly run is set. */
const AHEAD_MS = 12 * HOUR_MS;
const CLINICS_A_PAGE = 100;
/** A page counts no further: with more, the exact number does not matter. */
const MOST_COUNTED = 1000;

const pageQuery = z.object({
  after: z.string().max(500).optional(),
  notice: z.enum(preflightNotices).optional().catch(undefined),
});
const noFields = z.object({});
const runTimeForm = z.object({ at: textField(20).default(''), time_zone: textField(100).default('') });

type Parts = { service: PreflightService; nightly: NightlyRun; budget: ChecksBudget | null };

/** `/staff/preflight`: whether the next run of the jobs will work, and when it begins. Auditors may read. */
export function preflightRoutes(deps: StaffDeps, { service, nightly, budget }: Parts): Router {
  const { world } = deps;
  const { changers, administrators, viewed, clockOf } = staffRequests(deps);

  async function expected() {
    const run = await nightly.runTime();
    const now = world.now();
    return { run, by: run ? nextRunAt(run, now) : new Date(now.getTime() + AHEAD_MS) };
  }

  return Router({ mergeParams: true })
    .get('/', async (req, res) => {
      const { mayChange, mayManage } = staffOf(req, res);
      const { after, notice } = readQuery(pageQuery, req.query);
      const cursor = after === undefined ? undefined : readCursor(after);
      if (after !== undefined && !cursor) throw new PortalError('bad_request');
      const { run, by } = await expected();
      const counts = await service.summary(by, MOST_COUNTED);
      const { clinics, next } = await service.inDoubt({ by, tenantIds: null }, CLINICS_A_PAGE, cursor);
      const minutes = budget && (await service.estimatedMinutes(null));
      await viewed(req, res, 'preflight.viewed_by_staff');
      const clock = { ...clockOf(res), ...(run ? { timeZone: run.timeZone } : {}) };
      const shown = { by, isSet: run !== null, counts, clinics, minutes, mayChange, mayManage, notice };
      const paging = { next: next && cursorText(next), isFirst: cursor === undefined };
      res.render('preflight/preflight', { page: preflightPage({ ...shown, ...paging }, { t: res.locals.t, clock }) });
    })
    .post('/checks', changers, async (req, res) => {
      const { actor, origin } = staffOf(req, res);
      parseForm(noFields, req.body);
      const { by } = await expected();
      const queued = await service.queueUnknown({ by, tenantIds: null }, actor, origin);
      seeOther(res, `${preflightUrl}?notice=${queued > 0 ? 'queued' : 'nothing'}`);
    })
    .get('/run-time', administrators, async (_req, res) => {
      const run = await nightly.runTime();
      const typed = run ?? { at: '', timeZone: 'America/New_York' };
      res.render('preflight/run-time', { page: runTimePage(typed, res.locals.t) });
    })
    .post('/run-time', administrators, async (req, res) => {
      const { actor, origin } = staffOf(req, res);
      const form = parseForm(runTimeForm, req.body);
      const typed = { at: form.at.trim(), timeZone: form.time_zone.trim() };
      const problems = await nightly.setRunTime(typed.at === '' ? null : typed, actor, origin);
      if (problems.length === 0) seeOther(res, `${preflightUrl}?notice=saved`);
      else res.status(422).render('preflight/run-time', { page: runTimePage(typed, res.locals.t, problems) });
    });
}
