import { Router, type Request, type Response } from 'express';
import { encode } from 'uqr';
import { z } from 'zod';
import type { Transaction } from '../platform/database.js';
import { seeOther, showPage } from '../platform/http/answers.js';
import { parseForm, textField } from '../platform/http/forms.js';
import type { World } from '../platform/world.js';
import { pathToSignIn } from './access-guards.js';
import type { AccountMails } from './account-mails.js';
import { enrolmentPage, secondFactorOfferPage, secondFactorPage, type CodeProblem } from './account-pages.js';
import type { Cookies } from './cookies.js';
import { readLocalPath } from './local-path.js';
import { tooManyTries } from './refusals.js';
import type { CodeAttempt, SecondFactorService } from './second-factor-service.js';
import type { SignInService } from './sign-in-service.js';
import { originOf, type SigningIn } from './signing-in.js';

type Dependencies = {
  world: World;
  transaction: Transaction;
  cookies: Cookies;
  signIn: SignInService;
  signingIn: SigningIn;
  secondFactor: SecondFactorService;
  mails: Pick<AccountMails, 'securityNotice'>;
};

const codeForm = z.object({ code: textField(100), next: textField(1000).optional() });

/** Reads the code; an empty one costs no try. */
async function attemptOf(
  { cookies, signIn }: Pick<Dependencies, 'cookies' | 'signIn'>,
  req: Request,
  res: Response,
  personId: string,
  code: string,
): Promise<CodeAttempt> {
  const knownDevice = await signIn.knownDevice(personId, cookies.readDevice(req));
  return { personId, code, knownDevice, origin: originOf(req, res) };
}

const refused = (res: Response, problem: CodeProblem): CodeProblem => {
  res.status(422);
  return problem;
};

/** `/sign-in/second-factor`: the second half of a sign-in, and the fresh proof that some actions ask for. */
export const secondFactorRoutes = (deps: Dependencies): Router => {
  const { world, signIn, signingIn, secondFactor } = deps;
  const show = (res: Response, problem?: CodeProblem, next?: string) =>
    showPage(res, 'accounts/form', secondFactorPage(res.locals.t, res.locals.brand, problem, next));

  return Router()
    .use((req, res, next) => {
      if (req.session.loaded?.person.hasSecondFactor === true) next();
      else seeOther(res, pathToSignIn(req).replace(/\?.*/, ''));
    })
    .get('/', (req, res) => show(res, undefined, readLocalPath(req.query.next)))
    .post('/', async (req, res) => {
      const { code, next: asked } = parseForm(codeForm, req.body);
      const next = readLocalPath(asked);
      const person = await signIn.find(req.session.personId ?? '');
      if (!person) return seeOther(res, '/sign-in');
      if (code.trim() === '') return show(res, refused(res, 'missing'), next);
      const verdict = await secondFactor.verify(await attemptOf(deps, req, res, person.id, code));
      if (verdict.kind === 'wait') return show(res, tooManyTries(res, res.locals.t, verdict.until, world.now()), next);
      if (verdict.kind === 'wrong') return show(res, refused(res, 'wrong'), next);
      const entered = await signingIn.enter(req, res, person, {
        by: 'second_factor',
        stepUp: res.locals.person !== undefined,
        next: next ?? req.session.next,
        change: verdict.use,
      });
      if (entered) return 'answered';
      await secondFactor.refuse(person.id, originOf(req, res)); // right once, and used already
      return show(res, refused(res, 'wrong'), next);
    });
};

/** `/account`: a person's own second factor. Reached half signed in too, so it keeps its own guard. */
export const ownSecondFactorRoutes = (deps: Dependencies): Router => {
  const { world, transaction, signIn, signingIn, secondFactor, mails } = deps;

  /** @returns undefined, with nothing answered, when there is nothing to enrol */
  async function showEnrolment(res: Response, personId: string, problem?: CodeProblem) {
    const enrolment = await secondFactor.enrolment(personId);
    if (!enrolment) return undefined;
    const qr = encode(enrolment.uri, { ecc: 'M', border: 4 }).data;
    const page = enrolmentPage(res.locals.t, { qr, secret: enrolment.secret, problem });
    return showPage(res, 'accounts/enrolment', page);
  }

  return Router()
    .use((req, res, next) => {
      const person = req.session.loaded?.person;
      if (person && (res.locals.person || !person.hasSecondFactor)) next();
      else seeOther(res, pathToSignIn(req));
    })
    .get('/second-factor', async (req, res) => {
      const person = req.session.loaded?.person;
      if (person && (await showEnrolment(res, person.id))) return;
      const inUse = person?.hasSecondFactor === true;
      showPage(res, 'accounts/second-factor-offer', secondFactorOfferPage(res.locals.t, inUse));
    })
    .post('/second-factor/enrolment', async (req, res) => {
      parseForm(z.object({}), req.body);
      const personId = req.session.personId ?? '';
      await transaction((trx) => secondFactor.prepareEnrolment(trx, personId));
      seeOther(res, '/account/second-factor');
    })
    .post('/second-factor', async (req, res) => {
      const { code } = parseForm(codeForm.omit({ next: true }), req.body);
      const person = await signIn.find(req.session.personId ?? '');
      if (!person || person.hasSecondFactor) return seeOther(res, '/account/second-factor');
      const again = async (problem: CodeProblem) =>
        (await showEnrolment(res, person.id, problem)) ?? seeOther(res, '/account/second-factor');
      if (code.trim() === '') return again(refused(res, 'missing'));
      const verdict = await secondFactor.confirm(await attemptOf(deps, req, res, person.id, code));
      if (verdict.kind === 'wait') return again(tooManyTries(res, res.locals.t, verdict.until, world.now()));
      if (verdict.kind === 'wrong') return again(refused(res, 'wrong'));
      const entered = await signingIn.enter(
        req,
        res,
        { ...person, hasSecondFactor: true },
        {
          by: 'second_factor',
          stepUp: res.locals.person !== undefined,
          next: req.session.next,
          change: async (trx) => {
            if (!(await verdict.use(trx))) return false;
            await mails.securityNotice(trx, 'secondFactorEnrolled', { person, at: world.now() });
            return true;
          },
        },
      );
      return entered ? 'answered' : again(refused(res, 'wrong'));
    });
};
