import { Router, type Request, type RequestHandler, type Response } from 'express';
import { z } from 'zod';
import { PortalError } from '../../platform/errors.js';
import { retryAfter, seeOther, showPage, type Answered } from '../../platform/http/answers.js';
import { formKeyOf } from '../../platform/http/csrf.js';
import { parseForm, textField } from '../../platform/http/forms.js';
import { leavesByForm } from '../../platform/http/leaves-by-form.js';
import type { World } from '../../platform/world.js';
import { readLocalPath } from '../people/local-path.js';
import { looksLikeToken } from '../people/secret-tokens.js';
import { requireFreshProof, signedInPerson } from '../sessions/access-guards.js';
import { originOf, type SigningIn } from '../sign-in/signing-in.js';
import type { StaffService } from '../staff/staff-service.js';
import { companyInvitationPage, leavePage, linkPage, readProblem, type CompanyProblem } from './company-pages.js';
import type { CompanySignInService } from './company-sign-in-service.js';
import type { CompanySignIn } from './company-sign-in-store.js';

type Dependencies = {
  world: Pick<World, 'now'>;
  company: CompanySignInService;
  signingIn: SigningIn;
  staff: Pick<StaffService, 'companyInvitation'>;
};

const START = '/sign-in/company';
const nothing = z.object({});
const startForm = z.object({ next: textField(1000).optional() });

/** Sends the person to the company, or back to a page that says why not. */
const leaving =
  ({ world, company }: Pick<Dependencies, 'world' | 'company'>) =>
  async (
    req: Request,
    res: Response,
    asked: Pick<CompanySignIn, 'purpose' | 'personId' | 'linkId' | 'next'>,
    again: (problem: CompanyProblem) => Answered | Promise<Answered>,
  ): Promise<Answered> => {
    const left = await company.start(formKeyOf(req), asked, originOf(req, res));
    if (left.kind === 'leave') return seeOther(res, left.url);
    if (left.kind === 'down') {
      res.status(503);
      return again('down');
    }
    retryAfter(res.status(429), left.until, world.now());
    return again('wait');
  };

/**
 * `/sign-in/company`: staff sign in, or confirm that it is they, with an account of their company. `/callback` is where
 * the company returns them to: a named exception to "GET changes nothing" (SEC-13), which uses up a state and leads on
 * to an address that contains neither code nor state, also if it fails.
 */
export function companyRoutes(deps: Dependencies): Router {
  const { company, signingIn, staff } = deps;
  const { host } = company;
  const leave = leaving(deps);

  const confirmsIn = (req: Request, res: Response) =>
    res.locals.person !== undefined && req.session.company?.canConfirm === true;

  const showStart = (req: Request, res: Response, next: string | undefined, problem?: CompanyProblem) => {
    const page = leavePage(res.locals.t, { host, problem, next, confirms: confirmsIn(req, res) });
    return showPage(leavesByForm(res), 'accounts/form', page);
  };

  /** Used and unknown links get the same answer, which reveals nothing. */
  const leadsNowhere = (res: Response): Answered => {
    res.locals.refusal = { action: 'request.link_refused' };
    return seeOther(res, '/sign-in?notice=link');
  };

  async function back(req: Request, res: Response): Promise<Answered> {
    const { state } = req.query;
    const endsAt = (because: CompanyProblem, next?: string, start = START) => {
      const query = new URLSearchParams({ problem: because, ...(next === undefined ? {} : { next }) });
      return seeOther(res, `${start}?${query.toString()}`);
    };
    if (typeof state !== 'string' || !looksLikeToken(state)) return endsAt('too_old');
    const query = new URL(req.originalUrl, 'http://portal.invalid').search;
    const visit = { sessionKey: formKeyOf(req), personId: res.locals.person?.id };
    const outcome = await company.receive({ state, query }, visit, originOf(req, res));
    const startOf = (purpose: string | null) =>
      purpose === 'link' && res.locals.person !== undefined ? '/account/company' : START;
    if (outcome.kind === 'refused') return endsAt(outcome.because, outcome.next, startOf(outcome.purpose));
    const { person, purpose, next, roleLimit, canConfirm, secondFactorAt, finish, whyNot } = outcome.proved;
    const entered = await signingIn.enter(
      req,
      res,
      { ...person, hasPassword: false, hasCompanyAccount: true },
      {
        by: 'company',
        stepUp: purpose === 'confirm',
        next,
        // A company that does not say when cannot confirm later that it is the person: then an app here does.
        vouchedAt: canConfirm || person.hasSecondFactor ? secondFactorAt : undefined,
        data: { company: { canConfirm, ...(roleLimit === undefined ? {} : { roleLimit }) } },
        change: finish,
      },
    );
    return entered ? 'answered' : endsAt(await whyNot(), next, startOf(purpose));
  }

  return Router()
    .get('/', (req, res) => {
      const next = readLocalPath(req.query.next);
      const problem = readProblem(res.locals.t, req.query.problem);
      showStart(req, problem === undefined ? res : res.status(422), next, problem);
    })
    .post('/', async (req, res) => {
      const next = readLocalPath(parseForm(startForm, req.body).next);
      const confirms = confirmsIn(req, res);
      const personId = confirms ? signedInPerson(req).id : null;
      const asked = { purpose: confirms ? 'confirm' : 'sign_in', personId, linkId: null, next } as const;
      await leave(req, res, asked, (problem) => showStart(req, res, next, problem));
    })
    .get('/callback', (req, res, next) => {
      res.locals.failsAt = `${START}?problem=failed`;
      back(req, res).catch(next);
    })
    .get('/invitations/:token', async (req, res) => {
      const { token } = req.params;
      const invited = await staff.companyInvitation(token);
      if (!invited) return leadsNowhere(res);
      const shown = { host, action: `${START}/invitations/${token}`, email: invited.email };
      return showPage(leavesByForm(res), 'accounts/form', companyInvitationPage(res.locals.t, shown));
    })
    .post('/invitations/:token', async (req, res) => {
      parseForm(nothing, req.body);
      const invited = await staff.companyInvitation(req.params.token);
      if (!invited) return leadsNowhere(res);
      const { personId, linkId } = invited;
      return leave(req, res, { purpose: 'link', personId, linkId, next: undefined }, (problem) =>
        showStart(req, res, undefined, problem),
      );
    });
}

/** `/account/company`: a member of staff with a password goes over to the company's account. */
export function linkRoutes(deps: Pick<Dependencies, 'world' | 'company'>): Router {
  const { world, company } = deps;
  const leave = leaving(deps);
  const show = (res: Response, problem?: CompanyProblem) =>
    showPage(leavesByForm(res), 'accounts/form', linkPage(res.locals.t, { host: company.host, problem }));
  const mayLink: RequestHandler = (req, _res, next) => {
    if (signedInPerson(req).hasCompanyAccount) throw new PortalError('not_found');
    next();
  };
  return Router()
    .use(mayLink)
    .get('/', requireFreshProof(world), (req, res) => {
      const problem = readProblem(res.locals.t, req.query.problem);
      show(problem === undefined ? res : res.status(422), problem);
    })
    .post('/', requireFreshProof(world, '/account/company'), async (req, res) => {
      parseForm(nothing, req.body);
      const { id: personId } = signedInPerson(req);
      await leave(req, res, { purpose: 'link', personId, linkId: null, next: '/account' }, (problem) =>
        show(res, problem),
      );
    });
}
