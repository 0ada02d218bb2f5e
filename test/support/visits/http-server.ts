import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server that answers every request with `answer`; `visits` counts the requests. */
export async function aServer(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const state = { visits: 0 };
  const server = createServer((request, response) => {
    state.visits += 1;
    request.resume();
    answer(request, response);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = () =>
    new Promise<void>((closed) => {
      server.close(() => closed());
      server.closeAllConnections();
    });
  return { url, state, close };
}
