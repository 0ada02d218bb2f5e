import type { ErrorRequestHandler } from 'express';
import { isUnavailable } from '../database/database.js';
import { PortalError } from '../errors.js';
import type { Logger } from '../log.js';
import { retryAfter, seeOther } from './answers.js';
import { errorPage } from './error-pages.js';

/** Converts errors of the body parser, whose messages repeat the body. */
function ofBodyParser(error: unknown): PortalError | undefined {
  const { type, status } = error as { type?: unknown; status?: unknown };
  if (typeof type !== 'string') return undefined;
  if (type === 'entity.too.large' || type === 'parameters.too.many') return new PortalError('too_large');
  if (type === 'charset.unsupported' || type === 'encoding.unsupported')
    return new PortalError('unsupported_media_type');
  return typeof status === 'number' && status < 500 ? new PortalError('bad_request') : undefined;
}

/** Every error as one that has a page. */
export function portalErrorOf(error: unknown): PortalError {
  if (error instanceof PortalError) return error;
  if (error instanceof URIError) return new PortalError('not_found'); // a path that cannot be decoded
  if (isUnavailable(error)) return new PortalError('unavailable', { cause: error });
  return ofBodyParser(error) ?? new PortalError('internal', { cause: error });
}

/** When to ask again after a 503 whose end is not known: by then, one lock has been waited for. */
export const RETRY_AFTER_S = 10;
const inMs = (milliseconds: number, now: Date): Date => new Date(now.getTime() + milliseconds);

/**
 * The only place that turns errors into pages. An unknown error becomes a plain 500 with a request id, in every
 * environment; its cause is logged without anything that could contain a secret.
 */
export const errorHandler =
  (log: Logger, now: () => Date): ErrorRequestHandler =>
  (error: unknown, _req, res, next) => {
    if (res.headersSent) {
      next(error);
      return;
    }
    const shown = portalErrorOf(error);
    if (shown.status >= 500) log.error({ err: error, requestId: res.locals.requestId }, 'a request failed');
    if (res.locals.failsAt !== undefined) {
      seeOther(res, res.locals.failsAt);
      return;
    }
    const retryAt = shown.details.retryAt ?? (shown.status === 503 ? inMs(RETRY_AFTER_S * 1000, now()) : undefined);
    if (retryAt) retryAfter(res, retryAt, now());
    res.status(shown.status);
    delete res.locals.languageSwitch; // it would show the path on the not-found page
    const page = errorPage(shown.code, res.locals.t, {
      requestId: res.locals.requestId,
      now: now(),
      retryAt,
      typed: shown.details.typed,
      role: shown.details.role,
      language: res.locals.t.common.lang,
      timeZone: res.locals.tenant?.timeZone,
    });
    res.render('errors/error', { page }, (renderError: Error | null, html?: string) => {
      // An error page that cannot be rendered must not hide the failed request.
      if (renderError) log.error({ err: renderError, requestId: res.locals.requestId }, 'an error page failed');
      res.type('html').send(html ?? String(shown.status));
    });
  };
