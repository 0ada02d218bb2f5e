import { Router, type Request, type RequestHandler, type Response } from 'express';
import { z } from 'zod';
import { auditStore } from '../../audit/audit-store.js';
import { PortalError } from '../../platform/errors.js';
import { seeOther, showPage, type Answered } from '../../platform/http/answers.js';
import { parseForm, textField } from '../../platform/http/forms.js';
import type { ServiceBase } from '../people/account-types.js';
import { requireFreshProof, requireStaff, signedInPerson } from '../sessions/access-guards.js';
import { originOf } from '../sign-in/signing-in.js';
import {
  newStaffPage,
  staffMemberPage,
  staffPeoplePage,
  staffPeopleUrl,
  type StaffPeopleNotice,
} from './staff-people-page.js';
import type { StaffService } from './staff-service.js';
import type { By, StaffChange } from './staff-types.js';

type Dependencies = Pick<ServiceBase, 'db' | 'world'> & { staff: StaffService; companySignIn: boolean };
type ToMember = Request<{ personId: string }>;

const newForm = z.object({
  name: textField(1000).default(''),
  email: textField(1000).default(''),
  role: textField(100).default(''),
});
const roleForm = z.object({ role: textField(100).default('') });
const noFields = z.object({});

const notices: readonly StaffPeopleNotice[] = ['invited', 'role', 'disabled', 'enabled', 'reset', 'unlinked'];
const readNotice = (value: unknown) => notices.find((notice) => notice === value);

/**
 * `/staff/people`: the ISV's staff. Every member of staff may read; administrators change, with a fresh second factor.
 */
export function staffPeopleRoutes({ db, world, staff, companySignIn }: Dependencies): Router {
  const administrators = requireStaff('administrator');
  const fresh = requireFreshProof(world);
  /** The form is on a page without this check, to which the person returns. */
  const freshForMember: RequestHandler<{ personId: string }> = (req, res, next) => {
    requireFreshProof(world, `${staffPeopleUrl}/${encodeURIComponent(req.params.personId)}`)(req, res, next);
  };

  const byOf = (req: Request, res: Response) =>
    ({ actor: { kind: 'person', id: signedInPerson(req).id }, origin: originOf(req, res) }) as const satisfies By;
  const factsOf = ({ locals: { t } }: Response) => ({
    t,
    clock: { now: world.now(), timeZone: 'UTC', language: t.common.lang },
  });
  const viewed = (req: Request, res: Response, target?: string): Promise<void> =>
    auditStore(db, world).append({ action: 'staff.viewed_by_staff', target, outcome: 'ok', ...byOf(req, res) });

  async function showMember(
    req: ToMember,
    res: Response,
    shown: Parameters<typeof staffMemberPage>[2],
  ): Promise<Answered> {
    const member = (await staff.list()).find(({ id }) => id === req.params.personId);
    if (!member) throw new PortalError('not_found');
    await viewed(req, res, member.id);
    return showPage(res, 'accounts/staff-person', staffMemberPage(member, factsOf(res), shown));
  }

  /** The handler of a form on the page of a member of staff. */
  const changing =
    (
      notice: StaffPeopleNotice,
      change: (req: ToMember, by: By) => Promise<StaffChange>,
    ): RequestHandler<{ personId: string }> =>
    async (req, res) => {
      const done = await change(req, byOf(req, res));
      if (done === 'not_staff') throw new PortalError('not_found');
      if (done !== 'changed' && done !== 'unchanged') await showMember(req, res.status(409), { problem: done });
      else seeOther(res, `${staffPeopleUrl}/${req.params.personId}${done === 'changed' ? `?notice=${notice}` : ''}`);
    };
  const button = (notice: StaffPeopleNotice, change: (who: { id: string }, by: By) => Promise<StaffChange>) =>
    changing(notice, (req, by) => {
      parseForm(noFields, req.body);
      return change({ id: req.params.personId }, by);
    });

  return Router()
    .get('/', async (req, res) => {
      const { id, staffRole } = signedInPerson(req);
      const viewer = { id, mayChange: staffRole === 'administrator', companySignIn };
      await viewed(req, res);
      const page = staffPeoplePage(await staff.list(), viewer, factsOf(res), readNotice(req.query.notice));
      showPage(res, 'accounts/staff-people', page);
    })
    .get('/new', administrators, fresh, (_req, res) => showPage(res, 'accounts/new-staff', newStaffPage(res.locals.t)))
    .post('/', administrators, fresh, async (req, res) => {
      const typed = parseForm(newForm, req.body);
      const invited = await staff.inviteStaff(typed, byOf(req, res));
      if (invited.ok) return seeOther(res, `${staffPeopleUrl}?notice=invited`);
      return showPage(res.status(422), 'accounts/new-staff', newStaffPage(res.locals.t, typed, invited.problem));
    })
    .get('/:personId', administrators, (req: ToMember, res) =>
      showMember(req, res, { notice: readNotice(req.query.notice) }),
    )
    .post(
      '/:personId/role',
      administrators,
      freshForMember,
      changing('role', (req, by) => staff.setRole({ id: req.params.personId }, parseForm(roleForm, req.body).role, by)),
    )
    .post(
      '/:personId/company-account-removal',
      administrators,
      freshForMember,
      button('unlinked', async (who, by) => {
        const done = await staff.removeCompanyAccount(who, by);
        return typeof done === 'string' ? done : 'changed';
      }),
    )
    .post('/:personId/disabling', administrators, freshForMember, button('disabled', staff.disable))
    .post('/:personId/enabling', administrators, freshForMember, button('enabled', staff.enable))
    .post('/:personId/second-factor-reset', administrators, freshForMember, button('reset', staff.resetSecondFactor));
}
