import type { RequestHandler } from 'express';

const loopback = /^(localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])$/;

/** The name in a Host header, without the port; '' where there is none. */
const nameIn = (host: string | undefined): string => (host ?? '').toLowerCase().replace(/:\d{1,5}$/, '');

/**
 * Answers only by the names of this machine, and those given: a page of elsewhere whose name is made to lead here
 * (DNS rebinding) sends its own name. 421 is RFC 9110 §15.5.20.
 */
export const hostGuard =
  (names: readonly string[]): RequestHandler =>
  (req, res, next) => {
    const name = nameIn(req.headers.host);
    if (loopback.test(name) || names.includes(name)) next();
    else res.status(421).json({ error: 'The emulator does not go by this name. EMULATOR_ALLOWED_HOSTS names more.' });
  };

/** For what changes everything without asking who you are. */
export const loopbackOnly: RequestHandler = (req, res, next) => {
  if (/^(127\.|::1$|::ffff:127\.)/.test(req.socket.remoteAddress ?? '')) next();
  else res.status(403).json({ error: 'The control API answers on loopback only.' });
};
