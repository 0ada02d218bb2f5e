import { Router, type Request, type RequestHandler, type Response } from 'express';
import { z } from 'zod';
import type { Actor, Origin } from '../audit/audit-events.js';
import { auditStore } from '../audit/audit-store.js';
import type { Outcome } from '../disconnection/disconnection-types.js';
import { PortalError } from '../platform/errors.js';
import { retryAfter, seeOther } from '../platform/http/answers.js';
import { cursorText, readCursor } from '../platform/http/cursor.js';
import { parseForm, readQuery, textField } from '../platform/http/forms.js';
import { staffOf, staffRequests, type StaffDeps } from '../staff/staff-requests.js';
import { listUrl } from '../staff/tenants/tenant-list-page.js';
import {
  confirmationPage,
  confirms,
  MOST_EVENTS,
  offboardedPage,
  offboardedUrl,
  planPage,
  tombstonePage,
  type Left,
  type Receipts,
} from './offboarding-page.js';
import type { OffboardingService } from './offboarding-service.js';
import type { Offboarding, OffboardingCursor } from './offboarding-store.js';

const LISTED = 50;
const noFields = z.object({});
const confirmation = z.object({ typed: textField(1000).default('') });
const deletionForm = z.object({ credential_id: textField(100) });
/** How long a person's request waits for the answer of RingCentral; after that, the page shows it when it arrives. */
const MOST_WAIT_MS = 8000;
const destructionForm = z.object({ disconnection_id: textField(100) });
const listQuery = z.object({ after: z.string().max(200).optional() });
const notices = z.object({ notice: z.literal('offboarded').optional() });

type Deps = StaffDeps & {
  service: OffboardingService;
  eraseAfterDays: number;
  /** Newest first. */
  receiptsOf: (tenantId: string) => Promise<Receipts>;
  outcomeOf: (tenantId: string) => Promise<Outcome | undefined>;
  destroyNow: (tenantId: string, disconnectionId: string, actor: Actor, origin: Origin) => Promise<number>;
};

/** `/staff/tenants/:tenantId/offboarding`: a clinic leaves, in two steps. */
export function offboardingRoutes(deps: Deps): Router {
  const { service, eraseAfterDays, connections } = deps;
  const { administrators, viewed, tenantOf, clockOf } = staffRequests(deps);
  const fresh = deps.accounts.requireFreshProof;
  return Router({ mergeParams: true })
    .get('/', administrators, fresh, async (req, res) => {
      const tenant = await tenantOf(req);
      await viewed(req, res, 'tenant.viewed_by_staff', tenant.id);
      const { active, pending } = await connections.view(tenant.id);
      const facts = { t: res.locals.t, clock: clockOf(res, tenant) };
      const page = planPage(tenant, eraseAfterDays, active !== null || pending !== null, facts);
      res.render('offboarding/plan', { page });
    })
    .get('/confirmation', administrators, fresh, async (req, res) => {
      const tenant = await tenantOf(req);
      await viewed(req, res, 'tenant.viewed_by_staff', tenant.id);
      const page = confirmationPage(tenant, { t: res.locals.t, clock: clockOf(res, tenant) });
      res.render('accounts/form', { page });
    })
    .post('/confirmation', administrators, fresh, async (req, res) => {
      const { actor, origin } = staffOf(req, res);
      const tenant = await tenantOf(req);
      const { typed } = parseForm(confirmation, req.body);
      if (!confirms(typed, tenant)) {
        const page = confirmationPage(tenant, { t: res.locals.t, clock: clockOf(res, tenant) }, typed.trim());
        res.status(422).render('accounts/form', { page });
        return;
      }
      await service.offboard(tenant.id, actor, origin);
      seeOther(res, `${offboardedUrl}/${tenant.id}?notice=offboarded`);
    });
}

/** `/staff/offboarded`: the clinics that have left. All staff may read; administrators bring one back. */
export function offboardedRoutes(deps: Deps): Router {
  const { db, world, service, connections } = deps;
  const { administrators, changers, viewed, clockOf } = staffRequests(deps);
  const { people } = deps.accounts.services;
  const fresh: RequestHandler<{ offboardedId: string }> = (req, res, next) =>
    deps.accounts.freshProofFor(`${offboardedUrl}/${encodeURIComponent(req.params.offboardedId)}`)(req, res, next);

  async function leftOf({ params: { offboardedId: id } }: Request<{ offboardedId: string }>): Promise<Left> {
    const offboarding = id.length <= 100 ? await service.find(id) : undefined;
    if (!offboarding) throw new PortalError('not_found');
    return { offboarding, tenant: await service.tenantOf(id) };
  }

  async function show(req: Request<{ offboardedId: string }>, res: Response, limitedUntil?: Date): Promise<void> {
    const { mayManage, mayChange } = staffOf(req, res);
    const left = await leftOf(req);
    const { notice } = readQuery(notices, req.query);
    const { tenantId, actorId } = left.offboarding;
    const events = await auditStore(db, world).forTenant(tenantId).newest(MOST_EVENTS);
    const ids = [...events.map((event) => event.actorId), actorId].filter((id) => id !== null);
    const names = await people([...new Set(ids)]);
    await viewed(req, res, 'tenant.viewed_by_staff', tenantId);
    const [receipts, outcome] = [await deps.receiptsOf(tenantId), await deps.outcomeOf(tenantId)];
    const of = { events, names, mayManage, mayChange, outcome, receipts, notice: notice !== undefined, limitedUntil };
    const page = tombstonePage(left, of, { t: res.locals.t, clock: clockOf(res, left.tenant) });
    res.render('offboarding/tombstone', { page });
  }

  return Router()
    .get('/', async (req, res) => {
      const { after } = readQuery(listQuery, req.query);
      const found = await service.page(LISTED + 1, after === undefined ? undefined : cursorOf(after));
      const shown = found.slice(0, LISTED);
      const left = await Promise.all(
        shown.map(async (offboarding) => ({ offboarding, tenant: await service.tenantOf(offboarding.tenantId) })),
      );
      await viewed(req, res, 'tenant.list_viewed_by_staff');
      const next = found.length > LISTED ? nextUrl(shown.at(-1)) : null;
      res.render('offboarding/list', { page: offboardedPage(left, next, { t: res.locals.t, clock: clockOf(res) }) });
    })
    .get('/:offboardedId', (req: Request<{ offboardedId: string }>, res) => show(req, res))
    .post('/:offboardedId/deletions', changers, async (req: Request<{ offboardedId: string }>, res) => {
      const { actor, origin } = staffOf(req, res);
      const { offboarding } = await leftOf(req);
      const { credential_id: id } = parseForm(deletionForm, req.body);
      const by = { personId: actor.id, isStaff: true } as const;
      const outcome = await connections.sayDeleted(offboarding.tenantId, id, by, origin);
      if (outcome.kind === 'limited')
        return show(req, retryAfter(res.status(429), outcome.until, world.now()), outcome.until);
      if (outcome.kind === 'queued')
        await connections.waitForCheck(offboarding.tenantId, outcome.requestId, MOST_WAIT_MS);
      seeOther(res, `${offboardedUrl}/${offboarding.tenantId}`);
    })
    .post('/:offboardedId/destruction', changers, fresh, async (req, res) => {
      const { actor, origin } = staffOf(req, res);
      const { offboarding } = await leftOf(req);
      const { disconnection_id: id } = parseForm(destructionForm, req.body);
      await deps.destroyNow(offboarding.tenantId, id, actor, origin);
      seeOther(res, `${offboardedUrl}/${offboarding.tenantId}`);
    })
    .post('/:offboardedId/undoing', administrators, fresh, async (req, res) => {
      const { actor, origin } = staffOf(req, res);
      const { offboarding } = await leftOf(req);
      parseForm(noFields, req.body);
      // Erased meanwhile: the page says so.
      const isBack = await service.undo(offboarding.tenantId, actor, origin);
      seeOther(res, isBack ? `${listUrl}/${offboarding.tenantId}` : `${offboardedUrl}/${offboarding.tenantId}`);
    });
}

const nextUrl = (last: Offboarding | undefined): string | null =>
  last ? `${offboardedUrl}?after=${encodeURIComponent(cursorText([last.at.toISOString(), last.tenantId]))}` : null;

function cursorOf(text: string): OffboardingCursor {
  const [at, tenantId] = readCursor(text) ?? [];
  const date = new Date(at ?? '');
  if (tenantId === undefined || Number.isNaN(date.getTime())) throw new PortalError('bad_request');
  return { at: date, tenantId };
}
