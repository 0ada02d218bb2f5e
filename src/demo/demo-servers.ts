import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The demo cannot listen on a configured port. The message names the variable that sets the port. */
export class PortUnavailable extends Error {
  override name = 'PortUnavailable';

  constructor(variable: string, port: number, cause: unknown) {
    const { code = 'error' } = cause as NodeJS.ErrnoException;
    const why = code === 'EADDRINUSE' ? 'is in use' : `cannot be listened on (${code})`;
    super(`${variable} ${port} ${why}: choose another port, 0 for any free one`, { cause });
  }
}

/** Calls `listen` and names `variable` in the error if its port is unavailable. */
export async function listening<T>(variable: string, port: number, listen: () => Promise<T>): Promise<T> {
  try {
    return await listen();
  } catch (error) {
    const { syscall } = error as NodeJS.ErrnoException;
    throw syscall === 'listen' ? new PortUnavailable(variable, port, error) : error;
  }
}

export type EarlyServer = {
  url: string;
  /** Until this call, every request gets 503. */
  serve: (handler: RequestListener) => void;
  close: () => Promise<void>;
};

/**
 * Starts to listen before there is anything to serve, because the portal must know its own address before it is
 * created.
 */
export async function listenEarly(variable: string, port: number): Promise<EarlyServer> {
  let handler: RequestListener = (_req, res) => {
    res.writeHead(503, { 'Retry-After': '1', 'Content-Type': 'text/plain' }).end('The demo is starting.\n');
  };
  const server: Server = createServer((req, res) => handler(req, res));
  await listening(
    variable,
    port,
    () =>
      new Promise<void>((resolve, reject) => {
        server.once('error', reject).listen(port, '127.0.0.1', resolve);
      }),
  );
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    serve: (next) => {
      handler = next;
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
