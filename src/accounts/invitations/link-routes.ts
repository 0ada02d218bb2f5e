import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import type { Knex } from '../../platform/database/database.js';
import { seeOther, showPage, type Answered } from '../../platform/http/answers.js';
import { parseForm, textField } from '../../platform/http/forms.js';
import type { Stall } from '../../platform/outbox.js';
import type { World } from '../../platform/world.js';
import {
  existingPersonInvitationPage,
  expiredInvitationPage,
  newPersonInvitationPage,
  renewedInvitationPage,
} from './invitation-pages.js';
import { setupPage } from '../sign-in/sign-in-pages.js';
import type { Cookies } from '../sessions/cookies.js';
import type { Acceptance, InvitationLook, NewPersonProblems } from './invitation-acceptance.js';
import type { InvitationService } from './invitation-service.js';
import type { PasswordProblem } from '../passwords/password-rules.js';
import type { Problem } from '../forms/form-page.js';
import { refused, tooManyTries } from '../forms/refusals.js';
import type { SignInService } from '../sign-in/sign-in-service.js';
import { originOf, type SigningIn } from '../sign-in/signing-in.js';
import type { StaffService } from '../staff/staff-service.js';

type WithToken = Request<{ token: string }>;
type Open = Extract<InvitationLook, { kind: 'open' }>;
type Dependencies = {
  world: World;
  cookies: Cookies;
  signIn: SignInService;
  signingIn: SigningIn;
  staff: StaffService;
  invitations: InvitationService;
  stalledMail: () => Promise<Stall | null>;
};

/** Used, revoked, unknown and mistyped links get the same answer, which reveals nothing. */
function leadsNowhere(res: Response): Answered {
  res.locals.refusal = { action: 'request.link_refused' };
  return seeOther(res, '/sign-in?notice=link');
}

const setupForm = z.object({ password: textField(10_000) });

/** `/setup/:token`: new staff choose a password. */
export const setupRoutes = ({ staff, signingIn }: Pick<Dependencies, 'staff' | 'signingIn'>): Router => {
  const show = (res: Response, token: string, email: string, problem?: PasswordProblem) => {
    const page = setupPage(res.locals.t, { action: `/setup/${token}`, email, problem });
    return showPage(res.status(problem ? 422 : 200), 'accounts/form', page);
  };
  return Router()
    .get('/:token', async (req, res) => {
      const person = await staff.personOfLink(req.params.token);
      if (!person) return leadsNowhere(res);
      return show(res, req.params.token, person.email);
    })
    .post('/:token', async (req, res) => {
      const { token } = req.params;
      const { password } = parseForm(setupForm, req.body);
      const person = await staff.personOfLink(token);
      if (!person) return leadsNowhere(res);
      const verdict = await staff.setUp(token, password, originOf(req, res));
      if (verdict.kind === 'refused') return show(res, token, person.email, verdict.problem);
      if (verdict.kind === 'spent') return leadsNowhere(res);
      const entered = await signingIn.enter(req, res, person, { by: 'setup', change: verdict.finish });
      return entered ? 'answered' : leadsNowhere(res);
    });
};

const acceptanceForm = z.object({ name: textField(1000).optional(), password: textField(10_000).optional() });

/** `/invitations/:token`. GET only shows; POST accepts, once. */
export const invitationRoutes = (deps: Omit<Dependencies, 'staff'>): Router => {
  const { world, cookies, invitations, signIn, signingIn, stalledMail } = deps;
  const actionOf = (req: WithToken) => `/invitations/${req.params.token}`;

  function showNew(req: WithToken, res: Response, seen: Open, name = '', problems?: NewPersonProblems) {
    const shown = { action: actionOf(req), email: seen.invitation.email, role: seen.invitation.role, name, problems };
    const page = newPersonInvitationPage(res.locals.t, res.locals.brand, shown);
    return showPage(res.status(problems ? 422 : 200), 'accounts/form', page);
  }

  function showExisting(req: WithToken, res: Response, seen: Open, problem?: Problem<'missing' | 'wrong'>) {
    const signedIn = res.locals.person?.id === seen.person?.id;
    const shown = {
      action: actionOf(req),
      email: seen.invitation.email,
      role: seen.invitation.role,
      signedIn,
      problem,
    };
    return showPage(res, 'accounts/form', existingPersonInvitationPage(res.locals.t, res.locals.brand, shown));
  }

  async function enter(
    req: WithToken,
    res: Response,
    { person, tenantId, role, finish }: Acceptance,
  ): Promise<Answered> {
    const next = await signingIn.landingIn(tenantId, role);
    if (await signingIn.enter(req, res, person, { by: 'invitation', next, change: finish })) return 'answered';
    // Another request was faster: either this link is used now, or the address has a person, who must sign in.
    return seeOther(res, actionOf(req));
  }

  return Router()
    .get('/renewed', async (_req, res) => {
      showPage(res, 'accounts/text', renewedInvitationPage(res.locals.t, (await stalledMail()) !== null));
    })
    .post('/:token/renewals', async (req, res) => {
      parseForm(z.object({}), req.body);
      const was = await invitations.renew(req.params.token, originOf(req, res));
      if (was === 'spent') return leadsNowhere(res);
      return seeOther(res, was === 'open' ? actionOf(req) : '/invitations/renewed');
    })
    .get('/:token', async (req, res) => {
      const seen = await invitations.look(req.params.token);
      if (seen.kind === 'spent') return leadsNowhere(res);
      if (seen.kind === 'expired') {
        const page = expiredInvitationPage(res.locals.t, `${actionOf(req)}/renewals`);
        return showPage(res, 'accounts/form', page);
      }
      return seen.person ? showExisting(req, res, seen) : showNew(req, res, seen);
    })
    .post('/:token', async (req, res) => {
      const { name = '', password = '' } = parseForm(acceptanceForm, req.body);
      const seen = await invitations.look(req.params.token);
      if (seen.kind === 'spent') return leadsNowhere(res);
      if (seen.kind === 'expired') return seeOther(res, actionOf(req));
      const origin = originOf(req, res);

      if (!seen.person) {
        const accepted = await invitations.acceptAsNew(seen, { name, password }, origin);
        if (!accepted.ok) return showNew(req, res, seen, name, accepted.problems);
        return enter(req, res, accepted.acceptance);
      }
      if (res.locals.person?.id === seen.person.id)
        return enter(req, res, invitations.acceptAs(seen, seen.person, origin));
      if (password === '') return showExisting(req, res, seen, refused(res, 'missing'));
      const device = cookies.readDevice(req);
      const verdict = await signIn.verifyPassword({ email: seen.invitation.email, password, device, origin });
      if (verdict.kind === 'wait') return showExisting(req, res, seen, tooManyTries(res, verdict.until, world.now()));
      if (verdict.kind === 'wrong') return showExisting(req, res, seen, refused(res, 'wrong'));
      const acceptance = invitations.acceptAs(seen, verdict.person, origin);
      const finish = async (trx: Knex) => (await verdict.isCurrent(trx)) && (await acceptance.finish(trx));
      return enter(req, res, { ...acceptance, finish });
    });
};
