import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { PortalError } from '../../platform/errors.js';
import { retryAfter, seeOther } from '../../platform/http/answers.js';
import { parseForm, textField } from '../../platform/http/forms.js';
import type { World } from '../../platform/world.js';
import { allows } from '../../app/clinic-roles.js';
import { chosenIn, confirmForm, disownForm, seenIn } from '../confirmation/confirmation-forms.js';
import { signInPathOf } from '../../tenants/journey.js';
import { methodsOffered } from '../../tenants/offered-methods.js';
import type { IsvFacts } from './cause-page.js';
import type { Saved, Told } from './connection-lead.js';
import { connectionPage } from './connection-page.js';
import { forViewers } from './for-viewers.js';
import type { ConnectionService } from '../connection-service.js';
import type { CheckOutcome } from '../connection-unit.js';

type Deps = {
  connections: Pick<
    ConnectionService,
    | 'view'
    | 'history'
    | 'past'
    | 'requestCheck'
    | 'chooseFaxLines'
    | 'sayDeleted'
    | 'waitForCheck'
    | 'confirmAccount'
    | 'disownAccount'
  >;
  /** Whether a job has got an access token. */
  isUsed: (tenantId: string) => Promise<boolean>;
  /** Names of members; the names of staff are not shown to a clinic. */
  memberNames: (tenantId: string) => Promise<Map<string, string>>;
  isvFor: (environment: 'production' | 'biz') => IsvFacts;
  /** Whether people can connect by signing in to RingCentral. */
  hasSignInApp: (environment: 'production' | 'biz') => boolean;
  world: Pick<World, 'now'>;
};

/** How long a person's request waits for a result; after that, the page shows it when it arrives. */
const MOST_WAIT_MS = 8000;
/** Enough to find the last results of the credential in use and of the one beside it. */
export const CHECKS_READ = 20;

const noFields = z.object({});
const extensionId = textField(40);
/** Checked boxes; with none checked, the browser sends no field. */
const linesForm = z.object({ extension_id: z.union([extensionId, z.array(extensionId).max(250)]).optional() });

/** Which of the retired JWTs a person has deleted at RingCentral. */
const deletionForm = z.object({ credential_id: textField(80) });

const savedOf = (text: unknown): Saved | undefined => (text === 'now' || text === 'later' ? text : undefined);

/** The guard in front sets both values; without them, the request is not from a member. */
function memberOf(req: Request, res: Response) {
  const { tenant, journey, membership, requestId } = res.locals;
  if (!tenant || !journey || !membership) throw new PortalError('not_found');
  const isViewer = !allows(membership.role, 'member');
  return { tenant, journey, isViewer, origin: { ip: req.ip, requestId } };
}

/** `/tenants/:tenantId/connection`: the state of the connection, and what to do. */
export function connectionRoutes({
  connections,
  isvFor,
  hasSignInApp,
  memberNames,
  isUsed: isUsedBy,
  world,
}: Deps): Router {
  async function backToPage(res: Response, tenantId: string, outcome: CheckOutcome, query = '') {
    if (outcome.kind === 'queued') await connections.waitForCheck(tenantId, outcome.requestId, MOST_WAIT_MS);
    seeOther(res, `/tenants/${tenantId}/connection${query}`);
  }
  async function show(req: Request, res: Response, told: Told): Promise<void> {
    const { tenant, journey, isViewer } = memberOf(req, res);
    const clock = { now: world.now(), timeZone: tenant.timeZone, language: res.locals.t.common.lang };
    const [view, checks, past, names, isUsed] = await Promise.all([
      connections.view(tenant.id),
      connections.history(tenant.id, CHECKS_READ),
      connections.past(tenant.id),
      memberNames(tenant.id),
      isUsedBy(tenant.id),
    ]);
    const { signIn } = methodsOffered(tenant.offeredMethods, hasSignInApp(tenant.environment));
    const facts = {
      t: res.locals.t,
      clock,
      tenantId: tenant.id,
      tenantName: tenant.name,
      isv: isvFor(tenant.environment),
      paths: journey.paths,
      isViewer,
      signIn: signIn ? { href: signInPathOf(tenant.id), insteadOfJwt: true } : undefined,
    };
    const page = connectionPage(view, checks, { past, names, isUsed, ...told }, facts);
    res.render('connections/show', { page: isViewer ? forViewers(page, facts) : page });
  }
  return Router({ mergeParams: true })
    .get('/', (req, res) =>
      show(req, res, {
        saved: savedOf(req.query.saved),
        signInUsed: req.query.notice === 'sign_in_used',
        isConfirmed: req.query.notice === 'confirmed',
      }),
    )
    .post('/checks', async (req, res) => {
      const { tenant, journey, origin } = memberOf(req, res);
      parseForm(noFields, req.body);
      const outcome = await connections.requestCheck(tenant.id, journey.by, origin);
      if (outcome.kind === 'limited') {
        await show(req, retryAfter(res.status(429), outcome.until, world.now()), { limitedUntil: outcome.until });
        return;
      }
      await backToPage(res, tenant.id, outcome);
    })
    .post('/confirmation', async (req, res) => {
      const { tenant, journey, origin } = memberOf(req, res);
      const form = parseForm(confirmForm, req.body);
      const outcome = await connections.confirmAccount(tenant.id, seenIn(form), chosenIn(form), journey.by, origin);
      if (outcome.kind === 'stale') await show(req, res.status(409), { isStale: true });
      else if (outcome.kind === 'confirmed') await backToPage(res, tenant.id, { kind: 'nothing' }, '?notice=confirmed');
      else await backToPage(res, tenant.id, outcome, '?notice=confirmed');
    })
    .post('/refusal', async (req, res) => {
      const { tenant, journey, origin } = memberOf(req, res);
      const seen = seenIn(parseForm(disownForm, req.body));
      if ((await connections.disownAccount(tenant.id, seen, journey.by, origin)) === 'stale')
        await show(req, res.status(409), { isStale: true });
      else seeOther(res, `/tenants/${tenant.id}/connection`);
    })
    .post('/deletions', async (req, res) => {
      const { tenant, journey, origin } = memberOf(req, res);
      const { credential_id: id } = parseForm(deletionForm, req.body);
      const outcome = await connections.sayDeleted(tenant.id, id, journey.by, origin);
      if (outcome.kind === 'limited') {
        await show(req, retryAfter(res.status(429), outcome.until, world.now()), { limitedUntil: outcome.until });
        return;
      }
      await backToPage(res, tenant.id, outcome);
    })
    .post('/fax-lines', async (req, res) => {
      const { tenant, journey, origin } = memberOf(req, res);
      const { extension_id: chosen = [] } = parseForm(linesForm, req.body);
      const ids = [...new Set(typeof chosen === 'string' ? [chosen] : chosen)];
      // The choice is saved even if the limit allows no check now.
      const outcome = await connections.chooseFaxLines(tenant.id, ids, journey.by, origin);
      await backToPage(res, tenant.id, outcome, `?saved=${outcome.kind === 'limited' ? 'later' : 'now'}`);
    });
}
