import { Router, type Request, type RequestHandler, type Response } from 'express';
import { z } from 'zod';
import { seeOther, showPage } from '../../platform/http/answers.js';
import { parseForm, textField } from '../../platform/http/forms.js';
import type { World } from '../../platform/world.js';
import { pathToSignIn } from '../sessions/access-guards.js';
import type { AccountMails } from '../people/account-mails.js';
import type { CodeAttempt, CodeAttempts } from '../passwords/code-attempts.js';
import type { Cookies } from '../sessions/cookies.js';
import { readLocalPath } from '../people/local-path.js';
import type { RecoveryCodeService } from '../second-factor/recovery-code-service.js';
import { tooManyTries } from '../forms/refusals.js';
import { secondFactorPage } from './second-factor-pages.js';
import type { SecondFactorService } from '../second-factor/second-factor-service.js';
import type { SignInService } from './sign-in-service.js';
import { originOf, type SigningIn } from './signing-in.js';

export type SecondFactorRouteDependencies = {
  world: World;
  cookies: Cookies;
  signIn: SignInService;
  signingIn: SigningIn;
  secondFactor: SecondFactorService;
  recoveryCodes: RecoveryCodeService;
  attempts: CodeAttempts;
  mails: Pick<AccountMails, 'securityNotice'>;
};

const codeForm = z.object({
  code: textField(100).optional(),
  recovery_code: textField(100).optional(),
  next: textField(1000).optional(),
});

/** An attempt by this person in this browser. */
export async function attemptOf(
  { cookies, signIn }: Pick<SecondFactorRouteDependencies, 'cookies' | 'signIn'>,
  req: Request,
  res: Response,
  personId: string,
  code: string,
): Promise<CodeAttempt> {
  const knownDevice = await signIn.knownDevice(personId, cookies.readDevice(req));
  return { personId, code, knownDevice, origin: originOf(req, res) };
}

/** `/sign-in/second-factor`: the second step of a sign-in, and the fresh proof that some actions require. */
export const secondFactorRoutes = (deps: SecondFactorRouteDependencies): Router => {
  const { world, signIn, signingIn, secondFactor, recoveryCodes, attempts, mails } = deps;
  const show = (res: Response, shown?: Parameters<typeof secondFactorPage>[2]) =>
    showPage(res, 'accounts/second-factor', secondFactorPage(res.locals.t, res.locals.brand, shown));

  return Router()
    .use(halfOrWhole)
    .get('/', (req, res) => show(res, { next: readLocalPath(req.query.next) }))
    .post('/', async (req, res) => {
      const { code = '', recovery_code: recoveryCode, next: asked } = parseForm(codeForm, req.body);
      const next = readLocalPath(asked);
      const kind = recoveryCode === undefined ? 'code' : 'recovery_code';
      const again = (problem: 'missing' | 'wrong') => show(res.status(422), { problem, with: kind, next });
      const person = await signIn.find(req.session.personId ?? '');
      if (!person) return seeOther(res, '/sign-in');
      const typed = recoveryCode ?? code;
      if (typed.trim() === '') return again('missing'); // does not count as an attempt
      const attempt = await attemptOf(deps, req, res, person.id, typed);
      const verdict = await (kind === 'code' ? secondFactor : recoveryCodes).verify(attempt);
      if (verdict.kind === 'wait')
        return show(res, { problem: tooManyTries(res, verdict.until, world.now()), with: kind, next });
      if (verdict.kind === 'wrong') return again('wrong');
      const stepUp = res.locals.person !== undefined;
      // A code of a key that is being replaced: the page that follows asks for new codes.
      const outdated = kind === 'recovery_code' && !stepUp && (await recoveryCodes.areOutdated(person.id));
      const entered = await signingIn.enter(req, res, person, {
        by: kind === 'code' ? 'second_factor' : 'recovery_code',
        stepUp,
        next: outdated ? '/account/second-factor' : (next ?? req.session.next),
        change: async (trx) => {
          if (!(await verdict.use(trx))) return false;
          if (kind === 'recovery_code')
            await mails.securityNotice(trx, 'recoveryCodeUsed', { person, at: world.now() });
          return true;
        },
      });
      if (entered) return 'answered';
      await attempts.refuse(person.id, originOf(req, res)); // right, but already used
      return again('wrong');
    });
};

/** Admits people with a second factor, signed in or half signed in. */
const halfOrWhole: RequestHandler = (req, res, next) => {
  if (req.session.loaded?.person.hasSecondFactor === true) next();
  else seeOther(res, pathToSignIn(req).replace(/\?.*/, ''));
};
