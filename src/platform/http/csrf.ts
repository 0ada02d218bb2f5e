import { createHash, createHmac } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import { csrfSync } from 'csrf-sync';
import { PortalError } from '../errors.js';

declare module 'express-session' {
  interface SessionData {
    /** A form was shown: from then on the browser keeps the cookie, signed in or not. */
    started?: true;
    /** Set in a session that continues another one of the same person: the key of the forms that one has shown. */
    formKey?: string;
  }
}

/**
 * What the tokens of a session are derived from. A session that continues this one under a new id (a fresh proof, an
 * invitation accepted while signed in) keeps it, so that forms in other tabs can still be sent.
 */
export const formKeyOf = ({ session, sessionID }: Pick<Request, 'session' | 'sessionID'>): string =>
  session.formKey ?? createHash('sha256').update(sessionID).digest('base64url');

/**
 * A synchronizer token per session, in the field `_csrf` of every form. It is derived from the session id, which only
 * that browser has, so a visitor's form needs no row. Signing in invalidates it.
 *
 * Mount it after the body parser and the session; sets `res.locals.csrfToken`.
 *
 * @param secrets the session secrets: the first makes tokens, and forms with a token of any of them are accepted
 */
export function csrfProtection(secrets: readonly string[]): RequestHandler {
  const digest = (text: string, secret = secrets[0] ?? '') =>
    createHmac('sha256', secret).update(text).digest('base64url');
  const tokenOf = (req: Request, secret?: string) => digest(`csrf|${formKeyOf(req)}`, secret);
  // Compare digests, not tokens, so that the duration of the comparison reveals nothing about the token.
  const compared = (token: string) => digest(`compared|${token}`);
  const { csrfSynchronisedProtection } = csrfSync({
    getTokenFromRequest: (req) => compared(fieldOf(req)),
    getTokenFromState: (req) => {
      const tokens = secrets.map((secret) => compared(tokenOf(req, secret)));
      return tokens.find((token) => token === compared(fieldOf(req))) ?? tokens[0];
    },
  });
  return (req, res, next) => {
    res.locals.csrfToken = () => {
      req.session.started = true; // from now on the browser keeps the cookie of this session
      return tokenOf(req);
    };
    csrfSynchronisedProtection(req, res, (error?: unknown) => {
      if (error) next(new PortalError('form_expired'));
      else next();
    });
  };
}

function fieldOf(req: Request): string {
  const { _csrf } = (req.body ?? {}) as { _csrf?: unknown };
  return typeof _csrf === 'string' ? _csrf : '';
}
