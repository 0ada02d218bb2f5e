import { fileURLToPath } from 'node:url';
import express, { Router, type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import { consoleCredentials, NotOnConsole } from './console-credentials.js';
import { frame, organizationPage, peopleOf, personPage, signInPage, type Frame } from './console-pages.js';
import { ConsoleSessions, type ConsoleSession } from './console-sessions.js';
import type { Control } from '../control.js';
import type { Core } from '../core.js';

const folder = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const text = (value: unknown) => (typeof value === 'string' ? value : '');

/** Accepts only paths of the console as a return address. */
function safeReturn(path: string): string {
  const here = 'http://console.invalid';
  const to = URL.canParse(path, here) ? new URL(path, here) : undefined;
  return to?.origin === here && /^\/console(\/|$)/.test(to.pathname) ? to.pathname + to.search : '/console';
}

export const pageHeaders: RequestHandler = (_req, res, next) => {
  res.set({
    'Content-Security-Policy':
      "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    'Cache-Control': 'no-store',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
  });
  next();
};

function signInRoutes({ world }: Core, sessions: ConsoleSessions): Router {
  return Router()
    .get('/sign-in', (req, res) => {
      const page = signInPage(world, safeReturn(text(req.query['return_to'])), text(req.query['user']));
      res.render('console/sign-in', { frame: frame(world, sessions.of(req), 'Sign in'), page });
    })
    .post('/sign-in', (req, res) => {
      const { user, return_to: returnTo } = (req.body ?? {}) as Record<string, unknown>;
      const extension = world.extensions.get(text(user));
      if (extension?.type !== 'User' || extension.status !== 'Enabled') {
        res.redirect(303, `/console/sign-in?return_to=${encodeURIComponent(safeReturn(text(returnTo)))}`);
        return;
      }
      if (extension.permissions.has('DevPortalAccess')) extension.hasSignedInToConsole = true;
      sessions.replace(req, res, extension.id);
      res.redirect(303, safeReturn(text(returnTo)));
    })
    .post('/sign-out', (req, res) => {
      sessions.replace(req, res, null);
      res.redirect(303, '/console/sign-in');
    });
}

/** Requires a signed-in user whose role has Developer Portal Access. */
const admitUser =
  ({ world }: Core, sessions: ConsoleSessions): RequestHandler =>
  (req, res, next) => {
    const session = sessions.of(req);
    const user = world.extensions.get(session.extensionId ?? '');
    if (!user) {
      const here = req.method === 'GET' ? req.originalUrl : '/console';
      res.redirect(303, `/console/sign-in?return_to=${encodeURIComponent(here)}`);
    } else if (!user.permissions.has('DevPortalAccess')) {
      res.status(403).render('console/no-access', { frame: frame(world, session, 'No access') });
    } else next();
  };

export const checkCsrf =
  (sessions: ConsoleSessions, stale: (session: ConsoleSession) => Frame): RequestHandler =>
  (req, res, next) => {
    const session = sessions.of(req);
    const given = ((req.body ?? {}) as Record<string, unknown>)['_csrf'];
    if (req.method === 'GET' || req.method === 'HEAD' || given === session.csrf) next();
    else res.status(403).render('stale-form', { frame: stale(session) });
  };

function organizationRoutes({ world }: Core, sessions: ConsoleSessions): Router {
  return Router()
    .get('/', (req, res) => {
      const admin = world.extension(sessions.of(req).extensionId ?? '');
      if (admin.consoleRole !== 'developer_admin') throw new NotOnConsole();
      const page = organizationPage(world, admin);
      res.render('console/organization', { frame: frame(world, sessions.of(req), 'Organization'), page });
    })
    .get('/:extensionId', (req, res) => {
      const admin = world.extension(sessions.of(req).extensionId ?? '');
      const person = peopleOf(world, admin.accountId).find(({ id }) => id === req.params.extensionId);
      if (!person || admin.consoleRole !== 'developer_admin') throw new NotOnConsole();
      res.render('console/person', { frame: frame(world, sessions.of(req), person.name), page: personPage(person) });
    });
}

/** The emulated Developer Console under /console: RingCentral's steps with a design of its own. */
export function mountConsole(app: Express, core: Core, control: Control): void {
  const sessions = new ConsoleSessions(core.newId, 'emulator_console', '/console');
  app.set('view engine', 'ejs').set('views', folder('../../../views/emulator'));
  app.use('/emulator/assets', express.static(folder('../assets'), { maxAge: 60_000 }));
  const onError: ErrorRequestHandler = (error: unknown, req, res, next) => {
    if (!(error instanceof NotOnConsole)) next(error);
    else res.status(404).render('not-found', { frame: frame(core.world, sessions.of(req), 'Not found') });
  };
  const credentials = consoleCredentials(core, control, sessions);
  const pages = Router()
    .use(pageHeaders, express.urlencoded({ extended: false, limit: '64kb' }), sessions.middleware())
    .use(checkCsrf(sessions, (session) => frame(core.world, session, 'This page is too old')))
    .use(signInRoutes(core, sessions))
    .use(admitUser(core, sessions))
    .get('/', (req, res) => res.render('console/home', { frame: frame(core.world, sessions.of(req), 'Home') }))
    .use('/my-credentials', credentials)
    .use('/organization/:extensionId/credentials', credentials)
    .use('/organization', organizationRoutes(core, sessions))
    .use(() => {
      throw new NotOnConsole();
    })
    .use(onError);
  app.use('/console', pages);
}
