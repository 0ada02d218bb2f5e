import { Router, type Response } from 'express';
import { z } from 'zod';
import type { Cookies } from '../accounts/sessions/cookies.js';
import type { IsvFacts } from '../connections/pages/cause-page.js';
import type { ConnectionService } from '../connections/connection-service.js';
import { PortalError } from '../platform/errors.js';
import { seeOther } from '../platform/http/answers.js';
import { parseForm } from '../platform/http/forms.js';
import type { World } from '../platform/world.js';
import type { HandOffService } from './hand-off-service.js';
import { resultPage } from './result-page.js';
import { showClosed, visitPaths } from './visit-guard.js';

const noFields = z.object({});

/** `/hand-offs/:token`. GET only shows and does not name the clinic; POST begins a visit. */
export function linkRoutes(handOffs: Pick<HandOffService, 'isOpen' | 'open'>, cookies: Cookies): Router {
  return Router()
    .get('/:token', async (req, res) => {
      const { token } = req.params;
      if (!(await handOffs.isOpen(token))) {
        showClosed(res);
        return;
      }
      const texts = res.locals.t.handOffs.landing;
      const isv = res.locals.brand.name;
      const page = { ...texts, title: texts.title(isv), lead: texts.lead(isv), action: `/hand-offs/${token}` };
      res.render('hand-offs/landing', { page });
    })
    .post('/:token', async (req, res) => {
      parseForm(noFields, req.body);
      const visit = await handOffs.open(req.params.token, { ip: req.ip, requestId: res.locals.requestId });
      if (!visit) {
        showClosed(res);
        return;
      }
      cookies.setHandOff(res, visit.id, visit.visitToken, visit.lifetimeMs);
      seeOther(res, visitPaths(visit.id).guide);
    });
}

type ResultDeps = {
  connections: Pick<ConnectionService, 'requestCheck' | 'waitForCheck'>;
  isvFor: (environment: 'production' | 'biz') => IsvFacts;
  world: Pick<World, 'now'>;
};

/** How long a person's request waits for a result; after that, the page shows it when it arrives. */
const MOST_WAIT_MS = 8000;

function visitorOf(res: Response) {
  const { tenant, journey, visit } = res.locals;
  if (!tenant || !journey || !visit) throw new PortalError('not_found');
  return { tenant, journey, visit };
}

/** `/hand-offs/:handOffId/result`: whether this link's paste works, and if not, what to do in RingCentral. */
export function resultRoutes({ connections, isvFor, world }: ResultDeps): Router {
  return Router({ mergeParams: true })
    .get('/', (_req, res) => {
      const { tenant, journey, visit } = visitorOf(res);
      const clock = { now: world.now(), timeZone: tenant.timeZone, language: res.locals.t.common.lang };
      const facts = { t: res.locals.t, clock, isv: isvFor(tenant.environment), paths: journey.paths };
      res.render('hand-offs/result', { page: resultPage(visit.outcome, facts) });
    })
    .post('/checks', async (req, res) => {
      const { tenant, journey, visit } = visitorOf(res);
      parseForm(noFields, req.body);
      const { outcome, handOff } = visit;
      // Only for this link's own paste, and only until it is proved.
      if (handOff.submitted && (outcome?.kind === 'refused' || outcome?.kind === 'inconclusive')) {
        const origin = { ip: req.ip, requestId: res.locals.requestId };
        const { credentialId } = handOff.submitted;
        const asked = await connections.requestCheck(tenant.id, journey.by, origin, credentialId);
        if (asked.kind === 'limited') throw new PortalError('too_many_requests', { retryAt: asked.until });
        if (asked.kind === 'queued') await connections.waitForCheck(tenant.id, asked.requestId, MOST_WAIT_MS);
      }
      seeOther(res, journey.paths.result);
    });
}
