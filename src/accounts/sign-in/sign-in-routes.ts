import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { seeOther, showPage } from '../../platform/http/answers.js';
import { parseForm, readQuery, textField } from '../../platform/http/forms.js';
import type { World } from '../../platform/world.js';
import type { TenantService } from '../../tenants/tenant-service.js';
import {
  passwordAgainPage,
  signInPage,
  tenantChooserPage,
  type SignInNotice,
  type SignInProblem,
} from './sign-in-pages.js';
import { pathToSignIn } from '../sessions/access-guards.js';
import type { BrowserSessions } from '../sessions/browser-sessions.js';
import type { Cookies } from '../sessions/cookies.js';
import { ownActs } from '../people/own-acts.js';
import { readLocalPath } from '../people/local-path.js';
import { passwordStrategy } from './password-strategy.js';
import type { Problem } from '../forms/form-page.js';
import { refused, tooManyTries } from '../forms/refusals.js';
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

export const signInRoutes = (deps: Dependencies & { companySignIn: boolean }): Router => {
  const { world, cookies, signIn, signingIn, companySignIn } = deps;
  const verifyPassword = passwordStrategy(signIn, cookies);
  const show = (res: Response, shown: Omit<Parameters<typeof signInPage>[2], 'companySignIn'>) =>
    showPage(res, 'accounts/form', signInPage(res.locals.t, res.locals.brand, { ...shown, companySignIn }));

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
      if (verdict.kind === 'wait') return again(tooManyTries(res, verdict.until, world.now()));
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
      const again = (problem: Problem<'missing' | 'wrong'>) =>
        showPage(res, 'accounts/form', passwordAgainPage(res.locals.t, { email, next, problem }));
      if (password === '') return again(refused(res, 'missing'));
      const origin = originOf(req, res);
      const verdict = await signIn.verifyPassword({ email, password, device: cookies.readDevice(req), origin });
      if (verdict.kind === 'wait') return again(tooManyTries(res, verdict.until, world.now()));
      if (verdict.kind === 'wrong' || verdict.person.id !== id) return again(refused(res, 'wrong'));
      const entered = await signingIn.enter(req, res, verdict.person, {
        by: 'password',
        stepUp: true,
        next,
        change: async (trx) => {
          if (!(await verdict.isCurrent(trx))) return false;
          await ownActs(trx, world)('person.password_confirmed', id, origin);
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
      await sessions.end(req, res, (trx) => ownActs(trx, world)('person.signed_out', personId, originOf(req, res)));
    seeOther(res, '/sign-in?notice=signed_out');
  });

const chooserQuery = z.object({
  after: z
    .string()
    .regex(/^[\w-]{1,100}$/)
    .optional(),
});

/** `/tenants`: the page after sign-in for people with several tenants or none. */
export const tenantChooserRoutes = (tenants: Pick<TenantService, 'pageOfPerson'>): Router =>
  Router().get('/', async (req, res) => {
    const { person, t, brand } = res.locals;
    const { after } = readQuery(chooserQuery, req.query);
    const mine = person ? await tenants.pageOfPerson(person.id, after) : { tenants: [], next: null };
    showPage(res, 'accounts/tenants', tenantChooserPage(t, brand, mine.tenants, mine.next));
  });
