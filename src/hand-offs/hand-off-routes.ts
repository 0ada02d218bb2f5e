import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { PortalError } from '../platform/errors.js';
import { seeOther } from '../platform/http/answers.js';
import { parseForm } from '../platform/http/forms.js';
import { keepLink, keptLink } from '../platform/http/kept-link.js';
import type { Opener, Sealer } from '../platform/sealing/sealing.js';
import type { World } from '../platform/world.js';
import type { HandOffService } from './hand-off-service.js';
import { hasEnded } from './hand-off-types.js';
import { handOffsPage } from './hand-offs-page.js';

type Deps = {
  handOffs: Pick<HandOffService, 'make' | 'find' | 'revoke' | 'ofTenant'>;
  world: Pick<World, 'now'>;
  isvName: string;
  /** Seals the link that its maker's session keeps. */
  sealing: Sealer & Opener;
  namesOf: (personIds: readonly string[]) => Promise<Map<string, { name: string }>>;
};

const noFields = z.object({});

/** The guard in front sets both values; without them, the request is not from a member. */
function memberOf(req: Request, res: Response) {
  const { tenant, person, journey, requestId } = res.locals;
  if (!tenant || !person || !journey) throw new PortalError('not_found');
  return { tenant, person, journey, origin: { ip: req.ip, requestId } };
}

/** `/tenants/:tenantId/hand-offs`: members create links for colleagues, see their state, and revoke them. */
export function handOffRoutes({ handOffs, world, isvName, sealing, namesOf }: Deps): Router {
  const list = (tenantId: string) => `/tenants/${tenantId}/hand-offs`;
  return Router({ mergeParams: true })
    .get('/', async (req, res) => {
      const { tenant, journey } = memberOf(req, res);
      const found = await handOffs.ofTenant(tenant.id);
      const newest = found.find(({ state }) => !hasEnded(state));
      const link = (id: string) => ({ purpose: 'hand_off_link', tenantId: tenant.id, id }) as const;
      const url = newest ? await keptLink(req.session, sealing, link(newest.handOff.id)) : null;
      const names = await namesOf([...new Set(found.map(({ handOff }) => handOff.madeBy))]);
      const clock = { now: world.now(), timeZone: tenant.timeZone, language: res.locals.t.common.lang };
      const fresh = newest && url !== null ? { handOff: newest.handOff, url } : null;
      const facts = {
        t: res.locals.t,
        clock,
        isv: { isvName },
        tenantName: tenant.name,
        action: list(tenant.id),
        guide: journey.paths.guide,
        names,
      };
      res.render('hand-offs/list', { page: handOffsPage(found, fresh, facts) });
    })
    .post('/', async (req, res) => {
      const { tenant, person, origin } = memberOf(req, res);
      parseForm(noFields, req.body);
      const made = await handOffs.make(tenant.id, person.id, origin);
      await keepLink(req.session, sealing, { purpose: 'hand_off_link', tenantId: tenant.id, ...made });
      seeOther(res, list(tenant.id));
    })
    .post('/:handOffId/revocation', async (req, res) => {
      const { tenant, person, origin } = memberOf(req, res);
      parseForm(noFields, req.body);
      const { handOffId } = req.params;
      if (!(await handOffs.find(tenant.id, handOffId))) throw new PortalError('not_found');
      await handOffs.revoke(tenant.id, handOffId, person.id, origin); // a second request has no further effect
      seeOther(res, list(tenant.id));
    });
}
