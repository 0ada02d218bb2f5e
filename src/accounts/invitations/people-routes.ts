import { Router, type Request, type RequestHandler, type Response } from 'express';
import { z } from 'zod';
import { clinicRoles, type Needs } from '../../app/clinic-roles.js';
import { PortalError } from '../../platform/errors.js';
import { retryAfter, seeOther, showPage, type Answered } from '../../platform/http/answers.js';
import { parseForm, textField } from '../../platform/http/forms.js';
import type { World } from '../../platform/world.js';
import type { TenantService } from '../../tenants/tenant-service.js';
import type { By, Invited, InviteProblem, InvitationService } from './invitation-service.js';
import { peoplePage, peopleUrlOf, removalPage, type PeopleNotice } from './people-page.js';
import { isLastOwner, type PeopleService } from './people-service.js';
import { rolePage } from './role-page.js';
import { requireFreshProof, requireProvedAddress } from '../sessions/access-guards.js';
import { originOf } from '../sign-in/signing-in.js';
import { keepTypedAddress, typedAddressOf, type TypedAddress } from './typed-address.js';

type Deps = {
  world: Pick<World, 'now'>;
  people: PeopleService;
  tenants: Pick<TenantService, 'setSecondFactorRule'>;
  invitations: Pick<InvitationService, 'invite' | 'sendAgain' | 'revoke' | 'waiting'>;
};

/** What each route needs. Leaving concerns the person alone. */
export const peopleNeeds = {
  'get /': 'viewer',
  'get /leaving': 'viewer',
  'post /leaving': 'viewer',
  'post /invitations': 'owner',
  'post /invitations/:invitationId/renewals': 'owner',
  'post /invitations/:invitationId/revocation': 'owner',
  'post /second-factor': 'owner',
  'get /:personId/role': 'owner',
  'post /:personId/role': 'owner',
  'get /:personId/removal': 'owner',
  'post /:personId/removal': 'owner',
} satisfies Needs;

const inviteForm = z.object({ email: textField(1000).default(''), role: z.enum(clinicRoles).default('member') });
export const roleForm = z.object({ role: z.enum(clinicRoles) });
const ruleForm = z.object({ needed: z.enum(['yes', 'no']) });
const noFields = z.object({});
const notices: readonly string[] = [
  'invited',
  'sent_again',
  'revoked',
  'removed',
  'role',
  'rule',
] satisfies PeopleNotice[];
const readNotice = (value: unknown): PeopleNotice | undefined =>
  typeof value === 'string' && notices.includes(value) ? (value as PeopleNotice) : undefined;

/** The guard in front sets both values; without them, the request is not from a member. */
function memberOf(req: Request, res: Response) {
  const { tenant, person, membership } = res.locals;
  if (!tenant || !person || !membership) throw new PortalError('not_found');
  const by: By = { actor: { kind: 'person', id: person.id }, member: true, origin: originOf(req, res) };
  return { tenant, person, membership, by, url: peopleUrlOf(tenant.id) };
}

/** Sets the status; tells programs when to try again. */
export function refuse(res: Response, problem: InviteProblem, now: Date): void {
  if ('until' in problem) retryAfter(res.status(429), problem.until, now);
  else res.status(422);
}

/** `/tenants/:tenantId/people`: members, their roles, and invitations. Owners may change all of it. */
export function peopleRoutes({ world, people, invitations, tenants }: Deps): Router {
  const fresh = requireFreshProof(world);
  /** The forms are on a page without this check, to which the person returns. */
  const freshForPage: RequestHandler = (req, res, next) =>
    requireFreshProof(world, peopleUrlOf(String(req.params.tenantId)), keepTypedAddress)(req, res, next);

  async function show(req: Request, res: Response, shown: Parameters<typeof peoplePage>[2]): Promise<Answered> {
    const { tenant, person, membership } = memberOf(req, res);
    const [members, waiting] = await Promise.all([people.membersOf(tenant.id), invitations.waiting(tenant.id)]);
    const clock = { now: world.now(), timeZone: tenant.timeZone, language: res.locals.t.common.lang };
    const kept = typedAddressOf(req, tenant.id);
    const { role, needsSecondFactor } = membership;
    const of = { tenant, personId: person.id, role, needsSecondFactor };
    const found = { ...of, members, invitations: waiting, kept };
    return showPage(res, 'accounts/invitations/people', peoplePage(found, { t: res.locals.t, clock }, shown));
  }

  /** What the pages about one person show. */
  async function personIn(req: Request, res: Response, personId: unknown) {
    const { tenant, url } = memberOf(req, res);
    const members = await people.membersOf(tenant.id);
    const asked = members.find(({ id }) => id === personId);
    if (!asked) throw new PortalError('not_found');
    const back = { text: res.locals.t.people.removal.back, href: url };
    return { person: asked, isLast: isLastOwner(asked, members), tenantName: tenant.name, back };
  }

  async function showRemoval(req: Request, res: Response): Promise<Answered> {
    const { person, url } = memberOf(req, res);
    const asked = await personIn(req, res, req.params.personId);
    if (asked.person.id === person.id) return seeOther(res, `${url}/leaving`);
    const action = `${url}/${asked.person.id}/removal`;
    const page = removalPage(res.locals.t, { ...asked, isSelf: false, action });
    return showPage(res, 'accounts/invitations/removal', page);
  }

  async function showLeaving(req: Request, res: Response): Promise<Answered> {
    const { person, url } = memberOf(req, res);
    const asked = await personIn(req, res, person.id);
    const page = removalPage(res.locals.t, { ...asked, isSelf: true, action: `${url}/leaving` });
    return showPage(res, 'accounts/invitations/removal', page);
  }

  async function showRole(req: Request, res: Response, wasRefused = false): Promise<Answered> {
    const { url } = memberOf(req, res);
    const asked = await personIn(req, res, req.params.personId);
    const action = `${url}/${asked.person.id}/role`;
    return showPage(res, 'accounts/invitations/role', rolePage(res.locals.t, { ...asked, action, wasRefused }));
  }

  async function answer(
    req: Request,
    res: Response,
    invited: Invited | undefined,
    notice: PeopleNotice,
    typed?: TypedAddress,
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
      const { email, role } = parseForm(inviteForm, req.body);
      const asked = { tenantId: tenant.id, email, role, invitedBy: person.id, byMember: true, origin: by.origin };
      const invited = await invitations.invite(asked);
      delete req.session.typedAddress;
      await answer(req, res, invited, 'invited', { email, role });
    })
    .post('/invitations/:invitationId/renewals', requireProvedAddress, freshForPage, async (req, res) => {
      const { tenant, by } = memberOf(req, res);
      parseForm(noFields, req.body);
      await answer(req, res, await invitations.sendAgain(tenant.id, String(req.params.invitationId), by), 'sent_again');
    })
    .post('/invitations/:invitationId/revocation', requireProvedAddress, freshForPage, async (req, res) => {
      const { tenant, by, url } = memberOf(req, res);
      parseForm(noFields, req.body);
      if (!(await invitations.revoke(tenant.id, String(req.params.invitationId), by)))
        throw new PortalError('not_found');
      seeOther(res, `${url}?notice=revoked`);
    })
    .post('/second-factor', requireProvedAddress, freshForPage, async (req, res) => {
      const { tenant, person, by, url } = memberOf(req, res);
      const needed = parseForm(ruleForm, req.body).needed === 'yes';
      if (!(await tenants.setSecondFactorRule(tenant.id, needed, person.id, by.origin ?? {})))
        throw new PortalError('not_found');
      seeOther(res, `${url}?notice=rule`);
    })
    .get('/leaving', fresh, (req, res) => showLeaving(req, res))
    .post('/leaving', fresh, async (req, res) => {
      const { tenant, person, by } = memberOf(req, res);
      parseForm(noFields, req.body);
      const removal = await people.remove(tenant.id, person.id, by);
      if (removal === 'last_owner') return showLeaving(req, res.status(409));
      return seeOther(res, '/tenants'); // also if someone was faster
    })
    .get('/:personId/role', fresh, (req, res) => showRole(req, res))
    .post('/:personId/role', requireProvedAddress, fresh, async (req, res) => {
      const { tenant, by, url } = memberOf(req, res);
      const { role } = parseForm(roleForm, req.body);
      const change = await people.setRole(tenant.id, String(req.params.personId), role, by);
      if (change === 'not_a_member') throw new PortalError('not_found');
      if (change === 'last_owner') return showRole(req, res.status(409), true);
      return seeOther(res, change === 'changed' ? `${url}?notice=role` : url);
    })
    .get('/:personId/removal', fresh, (req, res) => showRemoval(req, res))
    .post('/:personId/removal', requireProvedAddress, fresh, async (req, res) => {
      const { tenant, person, by, url } = memberOf(req, res);
      parseForm(noFields, req.body);
      const personId = String(req.params.personId);
      const removal = await people.remove(tenant.id, personId, by);
      if (removal === 'not_a_member') throw new PortalError('not_found');
      if (removal === 'last_owner' && personId === person.id) return showLeaving(req, res.status(409));
      if (removal === 'last_owner') return showRemoval(req, res.status(409));
      return seeOther(res, personId === person.id ? '/tenants' : `${url}?notice=removed`);
    });
}
