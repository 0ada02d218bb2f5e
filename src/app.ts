// eslint-disable-next-line @typescript-eslint/no-restricted-imports -- a request id decides nothing
import { randomUUID } from 'node:crypto';
import express, { type ErrorRequestHandler, type Express, type RequestHandler, type Router } from 'express';
import { seeOther } from './platform/http/answers.js';
import type { Logger } from './platform/log.js';
import { PortalError } from './platform/errors.js';
import { errorHandler } from './platform/http/error-handler.js';
import { securityHeaders } from './platform/http/headers.js';
import type { Brand } from './platform/http/locals.js';
import { onlyPageMethods } from './platform/http/methods.js';
import type { Access, Mount } from './platform/http/mount.js';
import type { PageLanguage } from './platform/http/page-language.js';
import { pageAssets, type BrandFiles } from './platform/assets/page-assets.js';
import { publicFolder, viewsFolder } from './platform/paths.js';

type Parts = {
  mounts: Mount[];
  /** The session, the person in it, CSRF: in front of every page. */
  session: RequestHandler[];
  /** In front of session, CSRF and body parser: what programs post to with nothing but a link. */
  beforeSession?: { path: string; router: Router }[];
  guards: Record<Exclude<Access, 'public'>, RequestHandler[]>;
  /** `/healthz`, `/readyz`: in front of all the rest. */
  probes: RequestHandler;
  language: PageLanguage;
  brand: Brand;
  brandFiles?: BrandFiles;
  https: boolean;
  trustProxy: string[];
  log: Logger;
  now: () => Date;
};

/** Middleware and mounts. The guard of a mount is put here, so no router can forget its own. */
export function createApp(parts: Parts): Express {
  const app = express();
  const assets = pageAssets(publicFolder, parts.brandFiles);
  app.set('trust proxy', parts.trustProxy.length > 0 ? parts.trustProxy : false);
  app.set('views', viewsFolder);
  app.set('view engine', 'ejs');
  app.enable('view cache');
  app.disable('etag');

  app.use((req, res, next) => {
    res.locals.requestId = randomUUID();
    res.locals.brand = parts.brand;
    res.locals.assets = assets.urls;
    res.locals.csrfToken = () => '';
    res.set('X-Request-Id', res.locals.requestId);
    const startedAt = performance.now();
    // The route, not the URL: links hold tokens.
    res.on('finish', () =>
      parts.log.info(
        {
          requestId: res.locals.requestId,
          method: req.method,
          status: res.statusCode,
          ms: Math.round(performance.now() - startedAt),
        },
        'request',
      ),
    );
    next();
  });
  app.use(parts.language.ofBrowser);
  app.use(securityHeaders(parts.https));
  app.use(parts.probes);
  app.use(onlyPageMethods);
  app.use(assets.serve, express.static(publicFolder, { index: false, maxAge: '1h', redirect: false }));
  app.post('/csp-reports', (_req, res) => res.status(204).end());
  for (const { path, router } of parts.beforeSession ?? []) app.use(path, router);
  app.use(requireFormEncoding, express.urlencoded({ extended: false, limit: '64kb', parameterLimit: 300 }));
  for (const handler of parts.session) app.use(handler); // none where this process has no pages
  for (const { path, access, router } of parts.mounts)
    app.use(
      path,
      ...(access === 'public' ? [] : parts.guards[access]),
      parts.language.ofTenant,
      navigation(access),
      router,
    );
  app.get('/', (_req, res) => {
    seeOther(res, '/sign-in'); // it knows where a signed-in person belongs
  });
  app.use(() => {
    throw new PortalError('not_found');
  });
  app.use(endedSession(parts.mounts), errorHandler(parts.log, parts.now));
  return app;
}

/** The few places a person goes between, in the frame of each page. */
const navigation =
  (access: Access): RequestHandler =>
  (req, res, next) => {
    const { navItems } = res.locals.t.common;
    const { tenant, journey } = res.locals;
    /** Paths of one part of the portal may begin differently: pasting is a step of the guide. */
    const item = (text: string, href: string, ...others: string[]) => ({
      text,
      href,
      current: [href, ...others].some((start) => req.originalUrl.startsWith(start)),
    });
    if (access === 'member' && tenant)
      res.locals.nav = [
        item(navItems.connection, `/tenants/${tenant.id}/connection`),
        item(
          navItems.guide,
          `/tenants/${tenant.id}/guide`,
          `/tenants/${tenant.id}/credentials`,
          `/tenants/${tenant.id}/hand-offs`,
        ),
        item(navItems.people, `/tenants/${tenant.id}/people`),
      ];
    if (access === 'hand_off' && journey) {
      const { nav } = res.locals.t.handOffs;
      res.locals.nav = [
        item(nav.guide, journey.paths.guide, journey.paths.submissions),
        item(nav.result, journey.paths.result),
      ];
    }
    if (access === 'staff')
      res.locals.nav = [
        item(navItems.tenants, '/staff/tenants'),
        item(navItems.incidents, '/staff/incidents'),
        item(navItems.budget, '/staff/budget'),
      ];
    next();
  };

/** A body of another type would be read as empty, and a form that seems empty is a wrong answer. */
const requireFormEncoding: RequestHandler = (req, _res, next) => {
  const hasBody = req.headers['content-length'] !== undefined && req.headers['content-length'] !== '0';
  const chunked = req.headers['transfer-encoding'] !== undefined;
  if (req.method === 'POST' && (hasBody || chunked) && !req.is('application/x-www-form-urlencoded'))
    next(new PortalError('unsupported_media_type'));
  else next();
};

/**
 * A form of a page behind the sign-in that nobody is signed in for any more: it is not the form that is too old. What was
 * typed goes back to whoever typed it, and only when the browser says that the form was ours.
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
