import { Router, type Request, type Response } from 'express';
import type { SignInApp } from '../app/foundation.js';
import type { ConnectionService } from '../connections/connection-service.js';
import type { IsvFacts } from '../connections/pages/cause-page.js';
import { refusalOf } from '../credentials/credential-page.js';
import { pasteForm } from '../credentials/credential-routes.js';
import type { CredentialService } from '../credentials/credential-service.js';
import { PortalError } from '../platform/errors.js';
import { retryAfter, seeOther } from '../platform/http/answers.js';
import { parseForm } from '../platform/http/forms.js';
import { leavesByForm } from '../platform/http/leaves-by-form.js';
import { waitingTime } from '../platform/http/view-helpers.js';
import type { Environment } from '../ringcentral/environments.js';
import { methodsOffered } from '../tenants/offered-methods.js';
import { replacementPage, type Refused } from './replacement-page.js';

export type ReplacementRoutesDeps = {
  connections: Pick<ConnectionService, 'view' | 'waitForCheck'>;
  submit: CredentialService['submit'];
  /** Wakes this process's own worker, if it has one. */
  poke: () => void;
  isvFor: (environment: Environment) => IsvFacts;
  signInAppFor: (environment: Environment) => SignInApp | null;
  memberNames: (tenantId: string) => Promise<Map<string, string>>;
  now: () => Date;
};

/** How long a person's request waits for a result; after that, the connection page shows it. */
const MOST_WAIT_MS = 8000;

/** `/tenants/:tenantId/replacement`: gives the next JWT or sign-in while the one in use goes on. */
export function replacementRoutes({ connections, submit, poke, now, ...deps }: ReplacementRoutesDeps): Router {
  async function show(_req: Request, res: Response, refused?: Refused): Promise<void> {
    const { tenant, journey, t } = res.locals;
    if (!tenant || !journey) throw new PortalError('not_found');
    const view = await connections.view(tenant.id);
    // There is nothing to replace: the guide leads to the first one.
    if (!view.active && !refused) {
      seeOther(res, journey.paths.guide);
      return;
    }
    const app = deps.signInAppFor(tenant.environment);
    const facts = {
      t,
      clock: { now: now(), timeZone: tenant.timeZone, language: t.common.lang },
      tenant,
      paths: journey.paths,
      isv: deps.isvFor(tenant.environment),
      names: await deps.memberNames(tenant.id),
      offers: methodsOffered(tenant.offeredMethods, app !== null),
      signInHost: app && new URL(app.authorizeUrl).host,
    };
    leavesByForm(res).render('replacement/show', { page: replacementPage(view, facts, refused) });
  }

  return Router({ mergeParams: true })
    .get('/', (req, res) => show(req, res))
    .post('/', async (req, res) => {
      const { tenant, journey, requestId, t } = res.locals;
      if (!tenant || !journey) throw new PortalError('not_found');
      const { assertion: paste } = parseForm(pasteForm, req.body);
      const origin = { ip: req.ip, requestId };
      const result = await submit({ tenant, paste, by: journey.by, origin, replaces: true });
      switch (result.kind) {
        case 'limited': {
          const clock = { now: now(), timeZone: tenant.timeZone, language: t.common.lang };
          const limited = retryAfter(res.status(429), result.until, now());
          return show(req, limited, { nextAt: waitingTime(result.until, clock) });
        }
        case 'rejected':
          return show(req, res.status(422), { refusal: refusalOf(result.inspection) });
        case 'in_use':
          return show(req, res.status(422), { inUse: true });
        case 'queued':
          poke();
          await connections.waitForCheck(tenant.id, result.requestId, MOST_WAIT_MS);
          seeOther(res, journey.paths.result);
      }
    });
}
