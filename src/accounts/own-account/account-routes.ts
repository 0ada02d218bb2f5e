import { Router, type Request, type RequestHandler, type Response } from 'express';
import { z } from 'zod';
import { PortalError } from '../../platform/errors.js';
import { seeOther, showPage } from '../../platform/http/answers.js';
import { parseForm, textField } from '../../platform/http/forms.js';
import type { World } from '../../platform/world.js';
import { needsSecondFactor } from '../people/account-types.js';
import { requireFreshProof, signedInPerson } from '../sessions/access-guards.js';
import { accountPage, readAccountNotice, type AccountNotice, type PendingAddress } from './account-page.js';
import type { Cookies } from '../sessions/cookies.js';
import { changeAddressPage, changePasswordPage, confirmAddressPage } from './own-sign-in-pages.js';
import type { AddressChangeProblems, OwnRequest, OwnSignInService } from './own-sign-in-service.js';
import type { Problem } from '../forms/form-page.js';
import { refused, tooManyTries } from '../forms/refusals.js';
import { sessionsPage } from './session-page.js';
import type { SessionService } from '../sessions/session-service.js';
import { originOf, type SigningIn } from '../sign-in/signing-in.js';

type Dependencies = {
  world: World;
  cookies: Cookies;
  signingIn: SigningIn;
  ownSignIn: OwnSignInService;
  sessionList: SessionService;
  companySignIn: boolean;
};

const passwordForm = z.object({ current: textField(10_000), password: textField(10_000) });
const endingForm = z.object({ session: textField(100) });
const sessionsPath = '/account/sessions';
const addressForm = z.object({ email: textField(1000), current: textField(10_000) });

/** `/account`: what a signed-in person, member or staff, can see and change in their own account. */
export function accountRoutes(deps: Dependencies): Router {
  const { world, cookies, signingIn, ownSignIn, sessionList, companySignIn } = deps;
  const withNotice = (res: Response, notice: AccountNotice) => {
    if (notice === 'link') res.locals.refusal = { action: 'request.link_refused' };
    return seeOther(res, `/account?notice=${notice}`);
  };
  const freshFactor = requireFreshProof(world);
  /** The current password is required anyway; people with a second factor must give that too. */
  const proved: RequestHandler = (req, res, next) => {
    if (signedInPerson(req).hasSecondFactor) freshFactor(req, res, next);
    else next();
  };
  const requestOf = (req: Request, res: Response, current: string): OwnRequest => ({
    person: signedInPerson(req),
    current,
    device: cookies.readDevice(req),
    origin: originOf(req, res),
  });

  /** Returns the problem as the page shows it, and sets the status. */
  function told<T extends string>(res: Response, problem: T | { until: Date } | undefined): Problem<T> | undefined {
    if (typeof problem === 'object') return tooManyTries(res, problem.until, world.now());
    return problem && refused(res, problem);
  }

  async function pendingOf(
    res: Response,
    { id, email }: { id: string; email: string },
  ): Promise<PendingAddress | null> {
    const link = await ownSignIn.pendingAddress(id);
    if (!link || link.email === null || link.email === email) return null; // a link to their own address proves it
    const clock = { now: world.now(), timeZone: 'UTC', language: res.locals.t.common.lang };
    return { email: link.email, mail: link.mail, clock };
  }

  async function showAddress(req: Request, res: Response, typed = '', problems: AddressChangeProblems = {}) {
    const { id, email } = signedInPerson(req);
    const current = told(res, problems.current);
    const problem = told(res, problems.email);
    const pending = await pendingOf(res, { id, email });
    const page = changeAddressPage(res.locals.t, { email, typed, pending, current, problem });
    return showPage(res, 'accounts/form', page);
  }

  const sessionsEnded = (res: Response) => seeOther(res, `${sessionsPath}?notice=ended`);
  const freshForSessions = requireFreshProof(world, sessionsPath);
  const by = (req: Request, res: Response) => ({
    actor: { kind: 'person', id: signedInPerson(req).id } as const,
    origin: originOf(req, res),
  });

  return Router()
    .get('/', async (req, res) => {
      const person = signedInPerson(req);
      const newAddress = await pendingOf(res, person);
      const notice = readAccountNotice(req.query.notice);
      const page = accountPage(res.locals.t, { person, newAddress, notice, companySignIn });
      showPage(res, 'accounts/account', page);
    })
    .get('/password', proved, (req, res) => {
      showPage(res, 'accounts/form', changePasswordPage(res.locals.t, { email: signedInPerson(req).email }));
    })
    .post('/password', proved, async (req, res) => {
      const { current, password } = parseForm(passwordForm, req.body);
      const { id, email } = signedInPerson(req);
      const change = await ownSignIn.changePassword(requestOf(req, res, current), password);
      if (change.ok && (await signingIn.goOn(req, id, { passwordAt: world.now(), change: change.finish })))
        return withNotice(res, 'password_changed');
      const problems = change.ok ? { current: 'wrong' as const } : change.problems; // the password changed during the check
      const shown = { email, current: told(res, problems.current), password: problems.password };
      if (problems.password !== undefined) res.status(422);
      return showPage(res, 'accounts/form', changePasswordPage(res.locals.t, shown));
    })
    .get('/address', proved, (req, res) => showAddress(req, res))
    .post('/address', proved, async (req, res) => {
      const { email, current } = parseForm(addressForm, req.body);
      const asked = await ownSignIn.askForAddress(requestOf(req, res, current), email);
      return asked.ok ? withNotice(res, 'address_asked') : showAddress(req, res, email, asked.problems);
    })
    .post('/address/proofs', async (req, res) => {
      parseForm(z.object({}), req.body);
      const waits = await ownSignIn.askForProof(signedInPerson(req).id);
      withNotice(res, waits ? 'proof_waits' : 'proof_mailed');
    })
    .post('/address/withdrawal', async (req, res) => {
      parseForm(z.object({}), req.body);
      await ownSignIn.withdrawAddress(signedInPerson(req).id, originOf(req, res));
      withNotice(res, 'address_withdrawn');
    })
    .get('/address-changes/:token', async (req, res) => {
      const { token } = req.params;
      const person = signedInPerson(req);
      const email = await ownSignIn.addressOfLink(token, person.id);
      if (email === undefined) return withNotice(res, 'link');
      const shown = { action: `/account/address-changes/${token}`, email, before: person.email };
      return showPage(res, 'accounts/form', confirmAddressPage(res.locals.t, shown));
    })
    .post('/address-changes/:token', async (req, res) => {
      parseForm(z.object({}), req.body);
      const confirmed = await ownSignIn.confirmAddress(req.params.token, signedInPerson(req).id, originOf(req, res));
      withNotice(
        res,
        ({ changed: 'address_changed', proved: 'address_proved', taken: 'address_taken', spent: 'link' } as const)[
          confirmed
        ],
      );
    })

    .get('/sessions', async (req, res) => {
      const person = signedInPerson(req);
      const { t } = res.locals;
      const clock = { now: world.now(), timeZone: 'UTC', language: t.common.lang };
      const sessions = await sessionList.listOf(person.id, req.sessionID);
      const shown = { needsSecondFactor: needsSecondFactor(person), ended: req.query.notice === 'ended' };
      showPage(res, 'accounts/sessions', sessionsPage(t, sessions, clock, shown));
    })
    .post('/sessions/endings', freshForSessions, async (req, res) => {
      const { session } = parseForm(endingForm, req.body);
      if (!(await sessionList.end(signedInPerson(req).id, session, by(req, res)))) throw new PortalError('not_found');
      sessionsEnded(res);
    })
    .post('/sessions/others/endings', freshForSessions, async (req, res) => {
      parseForm(z.object({}), req.body);
      await sessionList.endOthers(signedInPerson(req).id, req.sessionID, by(req, res));
      sessionsEnded(res);
    });
}
