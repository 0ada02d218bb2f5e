import type { ErrorRequestHandler } from 'express';
import { isUnavailable } from '../database/database.js';
import { PortalError } from '../errors.js';
import type { Logger } from '../log.js';
import { errorPage } from './error-pages.js';

/** What the body parser throws, as ours: its own errors repeat the body. */
function ofBodyParser(error: unknown): PortalError | undefined {
  const { type, status } = error as { type?: unknown; status?: unknown };
  if (typeof type !== 'string') return undefined;
  if (type === 'entity.too.large' || type === 'parameters.too.many') return new PortalError('too_large');
  if (type === 'charset.unsupported' || type === 'encoding.unsupported')
    return new PortalError('unsupported_media_type');
  return typeof status === 'number' && status < 500 ? new PortalError('bad_request') : undefined;
}

/** A path that does not decode. */
const ofRouter = (error: unknown): PortalError | undefined =>
  error instanceof URIError ? new PortalError('not_found') : undefined;

const ofDatabase = (error: unknown): PortalError | undefined =>
  isUnavailable(error) ? new PortalError('unavailable', { cause: error }) : undefined;

/**
 * The one place where errors become pages. What we do not know becomes a plain 500 with a request id, in every
 * environment; the cause goes to the log, reduced to what cannot carry a secret.
 */
export const errorHandler =
  (log: Logger, now: () => Date): ErrorRequestHandler =>
  (error: unknown, _req, res, next) => {
    if (res.headersSent) {
      next(error);
      return;
    }
    const known = error instanceof PortalError ? error : (ofBodyParser(error) ?? ofRouter(error) ?? ofDatabase(error));
    const shown = known ?? new PortalError('internal', { cause: error });
    if (shown.status >= 500) log.error({ err: error, requestId: res.locals.requestId }, 'a request failed');
    const { retryAt, typed } = shown.details;
    if (retryAt) res.set('Retry-After', String(Math.max(1, Math.ceil((retryAt.getTime() - now().getTime()) / 1000))));
    res.status(shown.status);
    delete res.locals.languageSwitch; // it would put the path into the page of what is not there
    const page = errorPage(shown.code, res.locals.t, {
      requestId: res.locals.requestId,
      now: now(),
      ...(retryAt ? { retryAt } : {}),
      ...(typed ? { typed } : {}),
      language: res.locals.t.common.lang,
      ...(res.locals.tenant ? { timeZone: res.locals.tenant.timeZone } : {}),
    });
    res.render('errors/error', { page }, (renderError: Error | null, html?: string) => {
      // A page that cannot be drawn must not hide that the request failed.
      if (renderError) log.error({ err: renderError, requestId: res.locals.requestId }, 'an error page failed');
      res.type('html').send(html ?? String(shown.status));
    });
  };
