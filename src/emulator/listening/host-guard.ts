import type { RequestHandler } from 'express';

const loopback = /^(localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])$/;

/** The name in a Host header without the port; an empty string if there is none. */
const nameIn = (host: string | undefined): string => (host ?? '').toLowerCase().replace(/:\d{1,5}$/, '');

/**
 * Answers only requests for this machine's names and for the given names. A foreign page that reaches the emulator by
 * DNS rebinding sends its own host name and gets 421 (RFC 9110 §15.5.20).
 */
export const hostGuard =
  (names: readonly string[]): RequestHandler =>
  (req, res, next) => {
    const name = nameIn(req.headers.host);
    if (loopback.test(name) || names.includes(name)) next();
    else
      res
        .status(421)
        .json({ error: 'The emulator does not answer to this host name. Add it to EMULATOR_ALLOWED_HOSTS.' });
  };

/** Protects routes that change everything without authentication. */
export const loopbackOnly: RequestHandler = (req, res, next) => {
  if (/^(127\.|::1$|::ffff:127\.)/.test(req.socket.remoteAddress ?? '')) next();
  else res.status(403).json({ error: 'The control API answers on loopback only.' });
};
