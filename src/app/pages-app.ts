import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import { refusedRequests } from '../audit/refused-requests.js';
import type { Config } from '../config.js';
import { pageAssets } from '../platform/assets/page-assets.js';
import { PortalError } from '../platform/errors.js';
import { seeOther } from '../platform/http/answers.js';
import { csrfProtection } from '../platform/http/csrf.js';
import { errorHandler } from '../platform/http/error-handler.js';
import type { Brand } from '../platform/http/locals.js';
import { uploadHead } from '../platform/uploads/upload-head.js';
import type { PageLanguage } from '../platform/http/page-language.js';
import { publicFolder, viewsFolder } from '../platform/paths.js';
import { requireRoles } from './role-guard.js';
import type { Mount, Pages } from './capability.js';
import type { Runtime } from './foundation.js';
import { navigation } from './navigation.js';

type Foundation = {
  config: Pick<Config, 'ISV_COLOR' | 'ISV_LOGO_FILE'>;
  runtime: Pick<Runtime, 'db' | 'log' | 'world'>;
  brand: Brand;
  language: PageLanguage;
};

/**
 * The pages: session, CSRF, forms, HTML errors. Adds the guard of each mount, so that no router can forget it.
 *
 * @param pages what each capability adds, in the order of the list; empty if this process has no pages
 * @param sessionSecrets null if this process has no pages
 */
export function pagesApp(
  { config, runtime, brand, language }: Foundation,
  pages: readonly Pages[],
  sessionSecrets: readonly string[] | null,
): Express {
  const app = express();
  const assets = pageAssets(publicFolder, { color: config.ISV_COLOR, logoFile: config.ISV_LOGO_FILE });
  app.set('views', viewsFolder);
  app.set('view engine', 'ejs');
  app.enable('view cache');
  app.disable('etag');
  app.disable('x-powered-by');

  app.use((_req, res, next) => {
    res.locals.brand = brand;
    res.locals.assets = assets.urls;
    res.locals.csrfToken = () => '';
    next();
  });
  app.use(language.ofBrowser);
  app.use(onlyPageMethods, refusedRequests(runtime));
  app.use(assets.serve, express.static(publicFolder, { index: false, maxAge: '1h', redirect: false }));
  app.post('/csp-reports', (_req, res) => res.status(204).end());
  for (const { path, router } of pages.flatMap(({ beforeSession = [] }) => beforeSession))
    app.use(path, markMount(path), router);
  app.use(uploadHead(pages.flatMap(({ uploads = [] }) => uploads)));
  app.use(requireFormEncoding, express.urlencoded(forms));
  for (const handler of pages.flatMap(({ session = [] }) => session)) app.use(handler);
  if (sessionSecrets !== null) app.use(csrfProtection(sessionSecrets));
  const mounts = mountsOf(pages);
  for (const mount of mounts) {
    const { path, access, router } = mount;
    const guards = [...guardsOf(pages, access), language.ofTenant, navigation(access), ...roleGuardOf(mount)];
    app.use(path, markMount(path), ...guards, language.ofRefusedForm(router), router);
  }
  app.get('/', (_req, res) => {
    seeOther(res, '/sign-in'); // the sign-in page redirects a signed-in person to their start page
  });
  app.use(() => {
    throw new PortalError('not_found');
  });
  app.use(refusedForm(mounts), endedSession(mounts), errorHandler(runtime.log, runtime.world.now));
  return app;
}

/** For the log and the audit. */
const markMount =
  (path: string): RequestHandler =>
  (_req, res, next) => {
    res.locals.mount = path;
    next();
  };

export const mountsOf = (pages: readonly Pages[]): Mount[] => pages.flatMap(({ mounts = [] }) => mounts);

/** @throws if no capability guards this access, because a mount without a guard would be public */
function guardsOf(pages: readonly Pages[], access: Mount['access']): RequestHandler[] {
  if (access === 'public') return [];
  const guards = pages.flatMap(({ guards: own }) => own?.[access] ?? []);
  if (guards.length === 0) throw new Error(`no capability guards the access ${access}`);
  return guards;
}

/** After the frame of the page, because a person who is refused sees it. */
const roleGuardOf = ({ needs }: Mount): RequestHandler[] => (needs ? [requireRoles(needs)] : []);

/** Compressed bodies are refused with 415: no browser compresses a form. */
const forms = { extended: false, limit: '64kb', parameterLimit: 300, inflate: false };

const pageMethods = ['GET', 'HEAD', 'POST'];

/** Pages need three methods. TRACE and others are disabled, and OPTIONS too, because no other origin may call us. */
const onlyPageMethods: RequestHandler = (req, res, next) => {
  if (!pageMethods.includes(req.method)) {
    res.set('Allow', pageMethods.join(', '));
    throw new PortalError('method_not_allowed');
  }
  next();
};

/** A body of another type would be read as empty, so the form would be answered wrongly. */
const requireFormEncoding: RequestHandler = (req, res, next) => {
  if (res.locals.upload) {
    next();
    return;
  }
  const hasBody = req.headers['content-length'] !== undefined && req.headers['content-length'] !== '0';
  const chunked = req.headers['transfer-encoding'] !== undefined;
  if (req.method === 'POST' && (hasBody || chunked) && !req.is('application/x-www-form-urlencoded'))
    next(new PortalError('unsupported_media_type'));
  else next();
};

/** A form without the token of its session reached no mount; of its path, only the first part is known to be ours. */
function refusedForm(mounts: Mount[]): ErrorRequestHandler {
  const starts = mounts.map(({ path }) => `/${path.split('/')[1]}`);
  return (error: unknown, req, res, next) => {
    if (error instanceof PortalError && error.code === 'form_expired') {
      res.locals.refusal = { action: 'request.form_refused' };
      const start = starts.find((ours) => req.path === ours || req.path.startsWith(`${ours}/`));
      if (start !== undefined) res.locals.mount = start;
    }
    next(error);
  };
}

/**
 * A form behind the sign-in whose browser session has ended is not outdated: the page says that the person was signed
 * out. It returns the typed values, but only if the browser says that the form was ours.
 */
function endedSession(mounts: Mount[]): ErrorRequestHandler {
  const guarded = mounts.flatMap(({ path, access }) =>
    access === 'public' || access === 'hand_off' ? [] : [`/${path.split('/')[1]}`],
  );
  return (error: unknown, req, res, next) => {
    const isBehind = guarded.some((start) => req.path === start || req.path.startsWith(`${start}/`));
    const isOver = error instanceof PortalError && error.code === 'form_expired' && !res.locals.person && isBehind;
    if (!isOver) {
      next(error);
      return;
    }
    const sent: object = typeof req.body === 'object' && req.body !== null ? (req.body as object) : {};
    const fields = Object.entries(sent).filter((field): field is [string, string] => typeof field[1] === 'string');
    const isOurs = req.get('Sec-Fetch-Site') === 'same-origin';
    next(new PortalError('session_ended', isOurs ? { typed: Object.fromEntries(fields) } : {}));
  };
}
