import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Express } from 'express';
import type { CallName } from '../traffic/calls.js';
import { noteRawSocket, rawSocketOf } from '../traffic/raw-sockets.js';

/** What a new connection gets. `too_old`: TLS 1.1 at most; `silence`: no handshake at all. */
export const presentations = [
  'good',
  'expired',
  'wrong_host',
  'self_signed',
  'unknown_issuer',
  'too_old',
  'silence',
] as const;
export type Presentation = (typeof presentations)[number];

export type SecureListener = {
  /** https://localhost:port */
  readonly url: string;
  /** PEM of the authority that a client must be told to trust */
  readonly authority: string;
  readonly presents: Presentation;
  /**
   * Applies to new connections from now on and ends the open ones.
   *
   * @param after wait for this call first; it is still answered, on the last good connection
   */
  present: (what: Presentation, after?: CallName) => void;
  /** Ends the open connections. `after` works as above; `then` runs at that moment. */
  endConnections: (after?: CallName, then?: () => void) => void;
  /** The listener must be told about every call that arrives. */
  arrived: (name: CallName | undefined, req: IncomingMessage, res: ServerResponse) => void;
  close: () => Promise<void>;
};

/**
 * A TLS listener in front of the emulator. Its certificates are created when it starts and last as long as it does.
 */
export async function listenSecurely(app: Express, port = 0): Promise<SecureListener> {
  // Imported only here, because the package that writes certificates is not a production dependency.
  const { makeCertificates } = await import('./certificates.js');
  const { authority, ...certificates } = await makeCertificates();
  const secure = createSecureServer(certificates.good, app);
  const open = new Map<number, Socket>();
  let presents: Presentation = 'good';
  let next: { after: CallName; then: () => void } | undefined;

  const front = createServer((raw) => {
    const from = raw.remotePort ?? 0;
    open.set(from, raw);
    raw.on('error', () => undefined).once('close', () => open.delete(from));
    if (presents !== 'silence') secure.emit('connection', raw);
  });
  secure.on('secureConnection', (socket: TLSSocket) => {
    const raw = open.get(socket.remotePort ?? 0);
    if (raw) noteRawSocket(socket, raw);
  });
  secure.on('tlsClientError', () => undefined);

  function show(what: Presentation): void {
    presents = what;
    const certificate = what === 'silence' || what === 'too_old' ? certificates.good : certificates[what];
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    secure.setSecureContext({ ...certificate, ...(what === 'too_old' && old) });
  }
  const endAll = (but?: Socket) => {
    for (const socket of open.values()) if (socket !== but) socket.destroy();
  };

  function endConnections(after?: CallName, then: () => void = () => undefined): void {
    next = after === undefined ? undefined : { after, then };
    if (!next) endAll();
  }

  await new Promise<void>((resolve, reject) => front.once('error', reject).listen(port, '127.0.0.1', resolve));
  return {
    url: `https://localhost:${(front.address() as AddressInfo).port}`,
    authority,
    get presents() {
      return presents;
    },
    present(what, after) {
      if (after === undefined) show(what);
      endConnections(after, () => show(what));
    },
    endConnections,
    arrived(name, req, res) {
      if (!next || name !== next.after) return;
      next.then();
      next = undefined;
      res.setHeader('Connection', 'close');
      endAll(rawSocketOf(req.socket));
    },
    close: () =>
      new Promise<void>((resolve) => {
        front.close(() => resolve());
        endAll();
      }),
  };
}
