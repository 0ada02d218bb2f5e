import { Router, type Response } from 'express';
import { z } from 'zod';
import { PortalError } from '../platform/errors.js';
import { retryAfter, seeOther } from '../platform/http/answers.js';
import { parseForm, textField } from '../platform/http/forms.js';
import { waitingTime } from '../platform/http/view-helpers.js';
import { newCredentialPage, refusalOf, type Refusal } from './credential-page.js';
import type { CredentialService } from './credential-service.js';

export type CredentialRoutesDeps = {
  credentials: Pick<CredentialService, 'submit'>;
  connections: { waitForCheck: (tenantId: string, requestId: string, mostMs: number) => Promise<boolean> };
  /** Wakes this process's own worker, if it has one. */
  poke: () => void;
  isvName: string;
  now: () => Date;
};

/** How long a person's request waits for a result; after that, the connection page shows it. */
const MOST_WAIT_MS = 8000;
/** Larger than any form body we accept, so that the inspection, not the form, reports a paste that is too long. */
export const pasteForm = z.object({ assertion: textField(65_536).default('') });

/** `…/credentials`: the paste box and its submission. A person who loads a refused form again lands on the box. */
export function credentialRoutes({ credentials, connections, poke, isvName, now }: CredentialRoutesDeps): Router {
  const show = (res: Response, refusal?: Refusal, until?: Date) => {
    const { tenant, journey, t } = res.locals;
    if (!tenant || !journey) throw new PortalError('not_found');
    const clock = { now: now(), timeZone: tenant.timeZone, language: t.common.lang };
    const facts = { t, tenant, paths: journey.paths, isvName };
    res.render('credentials/new', { page: newCredentialPage(facts, refusal, until && waitingTime(until, clock)) });
  };
  return Router({ mergeParams: true })
    .get('/', (req, res) => seeOther(res, `${req.baseUrl}/new`))
    .get('/new', (_req, res) => show(res))
    .post('/', async (req, res) => {
      const { tenant, journey, requestId } = res.locals;
      if (!tenant || !journey) throw new PortalError('not_found');
      const { assertion: paste } = parseForm(pasteForm, req.body);
      const result = await credentials.submit({ tenant, paste, by: journey.by, origin: { ip: req.ip, requestId } });
      if (result.kind === 'limited') {
        show(retryAfter(res.status(429), result.until, now()), undefined, result.until);
        return;
      }
      if (result.kind === 'in_use') throw new PortalError('conflict'); // asked for by no one here
      if (result.kind === 'rejected') {
        show(res.status(422), refusalOf(result.inspection));
        return;
      }
      poke();
      await connections.waitForCheck(tenant.id, result.requestId, MOST_WAIT_MS);
      seeOther(res, journey.paths.result);
    });
}
