import { Router, type Request, type RequestHandler, type Response } from 'express';
import { z } from 'zod';
import type { Origin, PersonRequester } from '../audit/audit-events.js';
import type { ConnectionService } from '../connections/connection-service.js';
import { PortalError } from '../platform/errors.js';
import { retryAfter, seeOther } from '../platform/http/answers.js';
import { parseForm, textField } from '../platform/http/forms.js';
import type { World } from '../platform/world.js';
import type { Tenant } from '../tenants/tenant-types.js';
import { disconnectionPage, type DisconnectionFacts } from './disconnection-page.js';
import type { DisconnectionService } from './disconnection-service.js';

/** A request to the page of one clinic, from its people or from staff. */
export type Visit = {
  tenant: Pick<Tenant, 'id' | 'name' | 'timeZone'>;
  by: PersonRequester;
  origin: Origin;
  facts: Pick<DisconnectionFacts, 'url' | 'back' | 'guideUrl' | 'may' | 'isStaff'>;
};

type Deps = {
  world: Pick<World, 'now'>;
  service: DisconnectionService;
  connections: Pick<ConnectionService, 'view' | 'sayDeleted' | 'waitForCheck'>;
  isvName: string;
  keysUrl: string;
  visitOf: (req: Request, res: Response) => Promise<Visit>;
  /** Called before a page or receipt is shown; null where no row of the audit is wanted. */
  viewed: ((req: Request, res: Response, tenantId: string) => Promise<void>) | null;
  /** In front of what changes something. */
  changers: readonly RequestHandler[];
  /** Asks for a fresh proof, and leads back to the page. */
  fresh: RequestHandler;
};

const noFields = z.object({});
const deletionForm = z.object({ credential_id: textField(100) });
const destructionForm = z.object({ disconnection_id: textField(100) });
/** How long a person's request waits for the answer of RingCentral; after that, the page shows it when it arrives. */
const MOST_WAIT_MS = 8000;

/** The end of a connection: what it would do, what is open, and the receipts. */
export function disconnectionRoutes(deps: Deps): Router {
  const { world, service, connections, visitOf, changers, fresh } = deps;

  async function show(req: Request, res: Response, visit: Visit, limitedUntil?: Date): Promise<void> {
    const { tenant, facts } = visit;
    const [view, outcomes] = await Promise.all([connections.view(tenant.id), service.outcomes(tenant.id)]);
    await deps.viewed?.(req, res, tenant.id);
    const { t } = res.locals;
    const page = disconnectionPage(view, outcomes, {
      ...facts,
      t,
      clock: { now: world.now(), timeZone: tenant.timeZone, language: t.common.lang },
      isv: deps.isvName,
      tenantName: tenant.name,
      keysUrl: deps.keysUrl,
      ...(limitedUntil ? { limitedUntil } : {}),
    });
    res.render('disconnection/show', { page });
  }

  return Router({ mergeParams: true })
    .get('/', async (req, res) => show(req, res, await visitOf(req, res)))
    .post('/', ...changers, fresh, async (req, res) => {
      const { tenant, by, origin, facts } = await visitOf(req, res);
      parseForm(noFields, req.body);
      // A second press finds nothing to disconnect, and shows what came of the first.
      await service.disconnect(tenant.id, { ...askedBy(by), origin });
      seeOther(res, facts.url);
    })
    .post('/deletions', ...changers, async (req, res) => {
      const visit = await visitOf(req, res);
      const { tenant, by, origin, facts } = visit;
      const { credential_id: id } = parseForm(deletionForm, req.body);
      const outcome = await connections.sayDeleted(tenant.id, id, by, origin);
      if (outcome.kind === 'limited') {
        await show(req, retryAfter(res.status(429), outcome.until, world.now()), visit, outcome.until);
        return;
      }
      if (outcome.kind === 'queued') await connections.waitForCheck(tenant.id, outcome.requestId, MOST_WAIT_MS);
      seeOther(res, facts.url);
    })
    .post('/destruction', ...changers, fresh, async (req, res) => {
      const { tenant, by, origin, facts } = await visitOf(req, res);
      const { disconnection_id: id } = parseForm(destructionForm, req.body);
      await service.destroyNow(tenant.id, id, { ...askedBy(by), origin });
      seeOther(res, facts.url);
    })
    .get('/receipts/:receiptId', async (req, res) => {
      const { tenant } = await visitOf(req, res);
      const { receiptId } = req.params;
      const text = await service.receipt(tenant.id, receiptId);
      if (text === undefined) throw new PortalError('not_found');
      await deps.viewed?.(req, res, tenant.id);
      res.attachment('latchkey-receipt.txt').type('text/plain').send(text);
    });
}

const askedBy = ({ personId, isStaff }: PersonRequester) =>
  ({ by: isStaff ? 'staff' : 'clinic', actor: { kind: 'person', id: personId } }) as const;
