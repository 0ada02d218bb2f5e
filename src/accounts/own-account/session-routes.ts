import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { PortalError } from '../../platform/errors.js';
import { seeOther, showPage } from '../../platform/http/answers.js';
import { parseForm, textField } from '../../platform/http/forms.js';
import type { World } from '../../platform/world.js';
import { needsSecondFactor } from '../people/account-types.js';
import { requireFreshProof, signedInPerson } from '../sessions/access-guards.js';
import { sessionsPage } from './session-page.js';
import type { SessionService } from '../sessions/session-service.js';
import { originOf } from '../sign-in/signing-in.js';

type Dependencies = {
  world: Pick<World, 'now'>;
  sessionList: SessionService;
};

const endingForm = z.object({ session: textField(100) });
const page = '/account/sessions';

/**
 * `/account/sessions`: where a person is signed in. Viewing requires a session; ending one requires a fresh proof.
 */
export const sessionRoutes = ({ world, sessionList }: Dependencies): Router => {
  const fresh = requireFreshProof(world, page);
  const by = (req: Request, res: Response) => ({
    actor: { kind: 'person', id: signedInPerson(req).id } as const,
    origin: originOf(req, res),
  });

  return Router()
    .get('/', async (req, res) => {
      const person = signedInPerson(req);
      const { t } = res.locals;
      const clock = { now: world.now(), timeZone: 'UTC', language: t.common.lang };
      const sessions = await sessionList.listOf(person.id, req.sessionID);
      const shown = { needsSecondFactor: needsSecondFactor(person), ended: req.query.notice === 'ended' };
      showPage(res, 'accounts/sessions', sessionsPage(t, sessions, clock, shown));
    })
    .post('/endings', fresh, async (req, res) => {
      const { session } = parseForm(endingForm, req.body);
      if (!(await sessionList.end(signedInPerson(req).id, session, by(req, res)))) throw new PortalError('not_found');
      seeOther(res, `${page}?notice=ended`);
    })
    .post('/others/endings', fresh, async (req, res) => {
      parseForm(z.object({}), req.body);
      await sessionList.endOthers(signedInPerson(req).id, req.sessionID, by(req, res));
      seeOther(res, `${page}?notice=ended`);
    });
};
