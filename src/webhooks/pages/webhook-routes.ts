import { Router, type Request, type RequestHandler } from 'express';
import { z } from 'zod';
import type { AccountsInWeb } from '../../accounts/accounts-pages.js';
import type { Knex } from '../../platform/database/database.js';
import { PortalError } from '../../platform/errors.js';
import { seeOther, showPage } from '../../platform/http/answers.js';
import { parseForm, readQuery, textField } from '../../platform/http/forms.js';
import { portalRequests } from '../../staff/portal-requests.js';
import type { World } from '../../platform/world.js';
import type { By, EndpointService } from '../endpoints/endpoint-service.js';
import { eventTypes, isEventType } from '../endpoints/event-types.js';
import type { Endpoint } from '../webhook-types.js';
import { deliveryPage } from './delivery-page.js';
import {
  endpointPage,
  endpointsPage,
  newEndpointPage,
  PAGE,
  secretPage,
  webhooksUrl,
  type WebhookNotice,
} from './endpoint-pages.js';

type Dependencies = {
  db: Knex;
  world: World;
  service: EndpointService;
  accounts: Pick<AccountsInWeb, 'requireStaffRole' | 'freshProofFor' | 'requireFreshProof'>;
};
type ToEndpoint = Request<{ endpointId: string }>;
type ToDelivery = Request<{ endpointId: string; deliveryId: string }>;

const isId = (text: string): boolean => /^[\w-]{1,64}$/.test(text);
const newForm = z.object({
  id: z.string().refine(isId),
  url: textField(10_000).default(''),
  description: textField(1000).default(''),
  ...Object.fromEntries(eventTypes.map((type) => [type, textField(40).optional()])),
});
const noFields = z.object({});
const testForm = z.object({ type: z.string().refine(isEventType) });
const rotationForm = z.object({ hours: z.enum(['0', '24', '72', '168']) });
/** `before`: the time and the id of the last delivery of the page before. */
export const listQuery = z.object({
  before: z
    .string()
    .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z [\w-]{1,64}$/)
    .refine((text) => !Number.isNaN(Date.parse(text.slice(0, 24))))
    .optional(),
});
const notices: readonly WebhookNotice[] = [
  'repeated',
  'paused',
  'resumed',
  'checking',
  'removed',
  'tested',
  'again',
  'missed',
];
const readNotice = (value: unknown) => notices.find((notice) => notice === value);

/**
 * `/staff/webhooks`: where events are sent. Every member of staff may read; administrators change, and what decides who
 * gets events needs a fresh second factor.
 */
export function webhookRoutes({ db, world, service, accounts }: Dependencies): Router {
  const administrators = accounts.requireStaffRole('administrator');
  /** The form is on a page without this check, to which the person returns. */
  const fresh: RequestHandler<{ endpointId: string }> = (req, res, next) => {
    accounts.freshProofFor(`${webhooksUrl}/${encodeURIComponent(req.params.endpointId)}`)(req, res, next);
  };
  const { byOf, mayChange, factsOf, viewed } = portalRequests({ db, world }, 'webhooks.viewed_by_staff');

  async function endpointOf({ params: { endpointId } }: ToEndpoint): Promise<Endpoint> {
    const endpoint = isId(endpointId) ? await service.find(endpointId) : undefined;
    if (!endpoint) throw new PortalError('not_found');
    return endpoint;
  }
  async function deliveryOf({ params: { deliveryId } }: ToDelivery, { id }: Endpoint) {
    const found = isId(deliveryId) ? await service.delivery(id, deliveryId) : undefined;
    if (!found) throw new PortalError('not_found');
    return found;
  }

  /** A form without fields, whose act may come too late. */
  const act =
    (run: (id: string, by: By) => Promise<WebhookNotice | null>): RequestHandler<{ endpointId: string }> =>
    async (req, res) => {
      parseForm(noFields, req.body);
      const { id } = await endpointOf(req);
      const notice = await run(id, byOf(req as Request, res));
      const path = notice === 'removed' ? webhooksUrl : `${webhooksUrl}/${id}`;
      seeOther(res, `${path}${notice ? `?notice=${notice}` : ''}`);
    };

  return Router()
    .get('/', async (req, res) => {
      const endpoints = await service.list();
      const missed = new Map<string, number>();
      for (const one of endpoints) missed.set(one.id, await service.missedCount(one));
      await viewed(req, res);
      const page = endpointsPage({ endpoints, missed }, mayChange(req), factsOf(res), readNotice(req.query.notice));
      showPage(res, 'webhooks/list', page);
    })
    .get('/new', administrators, accounts.requireFreshProof, (_req, res) => {
      showPage(res, 'webhooks/new', newEndpointPage(res.locals.t, world.newId()));
    })
    .post('/', administrators, accounts.freshProofFor(`${webhooksUrl}/new`), async (req, res) => {
      const { id, url, description, ...sent } = parseForm(newForm, req.body);
      const chosen = eventTypes.filter((type) => (sent as Record<string, unknown>)[type] !== undefined);
      const typed = { url, description, eventTypes: chosen };
      const made = await service.make(typed, byOf(req, res), id);
      if (made.ok) return showPage(res, 'webhooks/secret', secretPage(made.secret, id, res.locals.t));
      if ('repeated' in made) return seeOther(res, `${webhooksUrl}?notice=repeated`);
      return showPage(res.status(422), 'webhooks/new', newEndpointPage(res.locals.t, id, typed, made.problems));
    })
    .get('/:endpointId', async (req: ToEndpoint, res) => {
      const endpoint = await endpointOf(req);
      const { before } = readQuery(listQuery, req.query);
      const [at = '', id = ''] = before?.split(' ') ?? [];
      const after = before === undefined ? undefined : { madeAt: new Date(at), id };
      await viewed(req, res, endpoint.id);
      const shown = {
        endpoint,
        open: await service.openCount(endpoint.id),
        missed: await service.missedCount(endpoint),
        deliveries: await service.deliveries(endpoint.id, PAGE + 1, after),
        endsOfFormer: await service.endsOfFormer(endpoint.id),
        mayChange: mayChange(req),
        notice: readNotice(req.query.notice),
      };
      showPage(res, 'webhooks/one', endpointPage(shown, factsOf(res)));
    })
    .get('/:endpointId/deliveries/:deliveryId', async (req: ToDelivery, res) => {
      const endpoint = await endpointOf(req);
      const { row, attempts } = await deliveryOf(req, endpoint);
      await viewed(req, res, endpoint.id);
      const shown = { endpoint, row, attempts, mayChange: mayChange(req), notice: readNotice(req.query.notice) };
      showPage(res, 'webhooks/delivery', deliveryPage(shown, factsOf(res)));
    })
    .post('/:endpointId/deliveries/:deliveryId/again', administrators, async (req: ToDelivery, res) => {
      parseForm(noFields, req.body);
      const { id } = await endpointOf(req);
      const { row } = await deliveryOf(req, { id } as Endpoint);
      const isDone = await service.sendAgain(id, row.id, byOf(req, res));
      seeOther(res, `${webhooksUrl}/${id}/deliveries/${row.id}${isDone ? '?notice=again' : ''}`);
    })
    .post('/:endpointId/tests', administrators, async (req: ToEndpoint, res) => {
      const { id } = await endpointOf(req);
      const { type } = parseForm(testForm, req.body);
      if (isEventType(type)) await service.test(id, type, byOf(req, res));
      seeOther(res, `${webhooksUrl}/${id}?notice=tested`);
    })
    .post('/:endpointId/rotation', administrators, fresh, async (req: ToEndpoint, res) => {
      const { id } = await endpointOf(req);
      const { hours } = parseForm(rotationForm, req.body);
      const secret = await service.rotate(id, Number(hours), byOf(req, res));
      if (!secret) throw new PortalError('not_found');
      showPage(res, 'webhooks/secret', secretPage(secret, id, res.locals.t));
    })
    .post(
      '/:endpointId/missed',
      administrators,
      act(async (id, by) => ((await service.sendMissed(id, by)) ? 'missed' : null)),
    )
    .post(
      '/:endpointId/pause',
      administrators,
      fresh,
      act(async (id, by) => ((await service.pause(id, by)) ? 'paused' : null)),
    )
    .post(
      '/:endpointId/resumption',
      administrators,
      fresh,
      act(async (id, by) => {
        const became = await service.resume(id, by);
        if (!became) return null;
        return became === 'active' ? 'resumed' : 'checking';
      }),
    )
    .post(
      '/:endpointId/removal',
      administrators,
      fresh,
      act(async (id, by) => ((await service.remove(id, by)) ? 'removed' : null)),
    );
}
