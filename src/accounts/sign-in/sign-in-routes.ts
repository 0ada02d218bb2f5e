import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { auditStore } from '../../audit/audit-store.js';
import { seeOther, showPage } from '../../platform/http/answers.js';
import { parseForm, textField } from '../../platform/http/forms.js';
import type { World } from '../../platform/world.js';
import { passwordAgainPage, signInPage, type SignInNotice, type SignInProblem } from './sign-in-pages.js';
import { pathToSignIn } from '../sessions/access-guards.js';
import type { BrowserSessions } from '../sessions/browser-sessions.js';
import type { Cookies } from '../sessions/cookies.js';
import { readLocalPath } from '../people/local-path.js';
import { passwordStrategy } from './password-strategy.js';
import { tooManyTries } from '../forms/refusals.js';
import type { SignInService } from './sign-in-service.js';
import { originOf, type SigningIn } from './signing-in.js';

type Dependencies = {
  world: World;
  cookies: Cookies;
  sessions: BrowserSessions;
  signIn: SignInService;
  signingIn: SigningIn;
};

const signInForm = z.object({
  email: textField(1000),
  password: textField(10_000),
  next: textField(1000).optional(),
});

const readNotice = (value: unknown): SignInNotice | undefined =>
  value === 'signed_out' || value === 'link' || value === 'password_reset' ? value : undefined;

export const signInRoutes = ({ world, cookies, signIn, signingIn }: Dependencies): Router => {
  const verifyPassword = passwordStrategy(signIn, cookies);
  const show = (res: Response, shown: Parameters<typeof signInPage>[2]) =>
    showPage(res, 'accounts/form', signInPage(res.locals.t, res.locals.brand, shown));

  return Router()
    .get('/', async (req, res) => {
      const next = readLocalPath(req.query.next);
      if (res.locals.person) return seeOther(res, next ?? (await signingIn.landingOf(res.locals.person)));
      return show(res, { next, notice: readNotice(req.query.notice) });
    })
    .post('/', async (req, res) => {
      const { email, password, next: asked } = parseForm(signInForm, req.body);
      const next = readLocalPath(asked);
      const again = (problem: SignInProblem) => show(res, { email, next, problem });
      if (email.trim() === '') return again(refused(res, 'missing_email'));
      if (password === '') return again(refused(res, 'missing_password'));
      const verdict = await verifyPassword(req, res);
      if (verdict.kind === 'wait') return again(tooManyTries(res, res.locals.t, verdict.until, world.now()));
      if (verdict.kind === 'wrong') return again(refused(res, 'wrong'));
      const how = { by: 'password', next, change: verdict.isCurrent } as const;
      if (await signingIn.enter(req, res, verdict.person, how)) return 'answered';
      return again(refused(res, 'wrong')); // the password changed during the check
    });
};

const passwordForm = z.object({ password: textField(10_000), next: textField(1000).optional() });

/** `/sign-in/password`: the fresh proof that some actions require from people without a second factor. */
export const passwordAgainRoutes = ({ world, cookies, signIn, signingIn }: Dependencies): Router =>
  Router()
    .use((req, res, next) => {
      if (res.locals.person && req.session.loaded?.person.hasSecondFactor === false) next();
      else seeOther(res, pathToSignIn(req).replace(/\?.*/, ''));
    })
    .get('/', (req, res) => {
      const { t, person } = res.locals;
      const shown = { email: person?.email ?? '', next: readLocalPath(req.query.next) };
      showPage(res, 'accounts/form', passwordAgainPage(t, shown));
    })
    .post('/', async (req, res) => {
      const { password, next: asked } = parseForm(passwordForm, req.body);
      const next = readLocalPath(asked);
      const { id = '', email = '' } = res.locals.person ?? {};
      const again = (problem: 'missing' | 'wrong' | { wait: string }) =>
        showPage(res, 'accounts/form', passwordAgainPage(res.locals.t, { email, next, problem }));
      if (password === '') return again(refused(res, 'missing'));
      const origin = originOf(req, res);
      const verdict = await signIn.verifyPassword({ email, password, device: cookies.readDevice(req), origin });
      if (verdict.kind === 'wait') return again(tooManyTries(res, res.locals.t, verdict.until, world.now()));
      if (verdict.kind === 'wrong' || verdict.person.id !== id) return again(refused(res, 'wrong'));
      const entered = await signingIn.enter(req, res, verdict.person, {
        by: 'password',
        stepUp: true,
        next,
        change: async (trx) => {
          if (!(await verdict.isCurrent(trx))) return false;
          const actor = { kind: 'person', id } as const;
          const event = { action: 'person.password_confirmed', actor, target: id, outcome: 'ok', origin } as const;
          await auditStore(trx, world).append(event);
          return true;
        },
      });
      return entered ? 'answered' : again(refused(res, 'wrong'));
    });

export const signOutRoutes = ({ world, sessions }: Pick<Dependencies, 'world' | 'sessions'>): Router =>
  Router().post('/', async (req: Request, res: Response) => {
    parseForm(z.object({}), req.body);
    const { personId } = req.session;
    if (personId !== undefined)
      await sessions.end(req, res, (trx) =>
        auditStore(trx, world).append({
          action: 'person.signed_out',
          actor: { kind: 'person', id: personId },
          target: personId,
          outcome: 'ok',
          origin: originOf(req, res),
        }),
      );
    seeOther(res, '/sign-in?notice=signed_out');
  });

function refused<T extends SignInProblem | 'missing'>(res: Response, problem: T): T {
  res.status(422);
  return problem;
}
