import { Router, type Request, type RequestHandler, type Response } from 'express';
import { z } from 'zod';
import { PortalError } from '../../platform/errors.js';
import { retryAfter, seeOther, showPage, type Answered } from '../../platform/http/answers.js';
import { parseForm, textField } from '../../platform/http/forms.js';
import type { World } from '../../platform/world.js';
import type { By, Invited, InviteProblem, InvitationService } from './invitation-service.js';
import { peoplePage, peopleUrlOf, removalPage, type PeopleNotice } from './people-page.js';
import type { PeopleService } from './people-service.js';
import { requireFreshProof, requireProvedAddress } from '../sessions/access-guards.js';
import { originOf } from '../sign-in/signing-in.js';
import { keepTypedAddress, typedAddressOf } from './typed-address.js';

type Deps = {
  world: Pick<World, 'now'>;
  people: PeopleService;
  invitations: Pick<InvitationService, 'invite' | 'sendAgain' | 'revoke' | 'waiting'>;
};

const inviteForm = z.object({ email: textField(1000).default('') });
const noFields = z.object({});
const notices: readonly string[] = ['invited', 'sent_anew', 'revoked', 'removed'] satisfies PeopleNotice[];
const readNotice = (value: unknown): PeopleNotice | undefined =>
  typeof value === 'string' && notices.includes(value) ? (value as PeopleNotice) : undefined;

/** The guard in front sets both values; without them, the request is not from a member. */
function memberOf(req: Request, res: Response) {
  const { tenant, person } = res.locals;
  if (!tenant || !person) throw new PortalError('not_found');
  const by: By = { actor: { kind: 'person', id: person.id }, member: true, origin: originOf(req, res) };
  return { tenant, person, by, url: peopleUrlOf(tenant.id) };
}

/** Sets the status; tells programs when to try again. */
export function refuse(res: Response, problem: InviteProblem, now: Date): void {
  if ('until' in problem) retryAfter(res.status(429), problem.until, now);
  else res.status(422);
}

/** `/tenants/:tenantId/people`: members and invitations. Every member may change both. */
export function peopleRoutes({ world, people, invitations }: Deps): Router {
  const fresh = requireFreshProof(world);
  /** The forms are on a page without this check, to which the person returns. */
  const freshForPage: RequestHandler = (req, res, next) =>
    requireFreshProof(world, peopleUrlOf(String(req.params.tenantId)), keepTypedAddress)(req, res, next);

  async function show(req: Request, res: Response, shown: Parameters<typeof peoplePage>[2]): Promise<Answered> {
    const { tenant, person } = memberOf(req, res);
    const [members, waiting] = await Promise.all([people.membersOf(tenant.id), invitations.waiting(tenant.id)]);
    const clock = { now: world.now(), timeZone: tenant.timeZone, language: res.locals.t.common.lang };
    const kept = typedAddressOf(req, tenant.id);
    const found = { tenant, personId: person.id, members, invitations: waiting, kept };
    return showPage(res, 'accounts/people', peoplePage(found, { t: res.locals.t, clock }, shown));
  }

  async function showRemoval(req: Request, res: Response): Promise<Answered> {
    const { tenant, person, url } = memberOf(req, res);
    const members = await people.membersOf(tenant.id);
    const asked = members.find(({ id }) => id === req.params.personId);
    if (!asked) throw new PortalError('not_found');
    const page = removalPage(res.locals.t, {
      person: asked,
      isSelf: asked.id === person.id,
      isLast: members.length === 1,
      tenantName: tenant.name,
      action: `${url}/${asked.id}/removal`,
      back: { text: res.locals.t.people.removal.back, href: url },
    });
    return showPage(res, 'accounts/removal', page);
  }

  async function answer(
    req: Request,
    res: Response,
    invited: Invited | undefined,
    notice: PeopleNotice,
    typed?: string,
  ): Promise<Answered> {
    // The viewer was removed a moment ago, or the invitation belongs to another tenant: answer 404.
    if (!invited || (!invited.ok && invited.problem === 'tenant_unknown')) throw new PortalError('not_found');
    if (invited.ok) return seeOther(res, `${memberOf(req, res).url}?notice=${notice}`);
    refuse(res, invited, world.now());
    return show(req, res, { problem: invited, ...(typed === undefined ? {} : { typed }) });
  }

  return Router({ mergeParams: true })
    .get('/', (req, res) => show(req, res, { notice: readNotice(req.query['notice']) }))
    .post('/invitations', requireProvedAddress, freshForPage, async (req, res) => {
      const { tenant, person, by } = memberOf(req, res);
      const { email } = parseForm(inviteForm, req.body);
      const asked = { tenantId: tenant.id, email, invitedBy: person.id, byMember: true, origin: by.origin };
      const invited = await invitations.invite(asked);
      delete req.session.typedAddress;
      await answer(req, res, invited, 'invited', email);
    })
    .post('/invitations/:invitationId/renewals', requireProvedAddress, freshForPage, async (req, res) => {
      const { tenant, by } = memberOf(req, res);
      parseForm(noFields, req.body);
      await answer(req, res, await invitations.sendAgain(tenant.id, String(req.params.invitationId), by), 'sent_anew');
    })
    .post('/invitations/:invitationId/revocation', requireProvedAddress, freshForPage, async (req, res) => {
      const { tenant, by, url } = memberOf(req, res);
      parseForm(noFields, req.body);
      if (!(await invitations.revoke(tenant.id, String(req.params.invitationId), by)))
        throw new PortalError('not_found');
      seeOther(res, `${url}?notice=revoked`);
    })
    .get('/:personId/removal', fresh, (req, res) => showRemoval(req, res))
    .post('/:personId/removal', requireProvedAddress, fresh, async (req, res) => {
      const { tenant, person, by, url } = memberOf(req, res);
      parseForm(noFields, req.body);
      const personId = String(req.params.personId);
      const removal = await people.remove(tenant.id, personId, by);
      if (removal === 'not_a_member') throw new PortalError('not_found');
      if (removal === 'last_member') return showRemoval(req, res.status(409));
      return seeOther(res, personId === person.id ? '/tenants' : `${url}?notice=removed`);
    });
}
