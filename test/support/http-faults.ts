import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

export type HttpFault =
  | 'html_502'
  | 'html_200'
  | 'cut_json'
  | 'cut_mid_body'
  | 'endless_body'
  | 'drip'
  | 'silence'
  | 'reset'
  | 'redirect_elsewhere'
  | 'gzip_bomb'
  | 'empty'
  | 'bad_utf8'
  | 'json_array'
  | 'not_ours'
  | 'huge_header';

const MEBIBYTE = 1_048_576;
const json = (response: ServerResponse, status: number, more: Record<string, string> = {}) =>
  response.writeHead(status, { 'content-type': 'application/json', ...more });

/** What a server, or something between, may do instead of answering. `elsewhere` must never be connected to. */
const faults: Record<HttpFault, (request: IncomingMessage, response: ServerResponse, elsewhere: string) => void> = {
  html_502: (_request, response) => response.writeHead(502).end('<html><h1>Bad gateway</h1></html>'),
  html_200: (_request, response) => response.writeHead(200).end('<html>Sign in to the hotel network</html>'),
  cut_json: (_request, response) => json(response, 200).end('{"access_token":"U0pDMTF'),
  cut_mid_body(_request, response) {
    json(response, 200, { 'content-length': '5000' }).write('{"access_token":"U0pDMTF', () => response.destroy());
  },
  endless_body(_request, response) {
    json(response, 200);
    let left = 100;
    const more = () => {
      while (left > 0 && !response.destroyed) {
        left -= 1;
        if (!response.write('x'.repeat(MEBIBYTE))) {
          response.once('drain', more);
          return;
        }
      }
      response.end();
    };
    more();
  },
  drip(_request, response) {
    json(response, 200).write('{');
    const timer = setInterval(() => response.write(' '), 20);
    response.on('close', () => clearInterval(timer));
  },
  silence: () => undefined,
  reset: (request) => request.socket.resetAndDestroy(),
  redirect_elsewhere: (_request, response, elsewhere) =>
    json(response, 307, { location: elsewhere }).end('{"error":"invalid_grant"}'),
  gzip_bomb: (_request, response) =>
    json(response, 200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(64 * MEBIBYTE, ' '))),
  empty: (_request, response) => json(response, 200).end(),
  bad_utf8: (_request, response) =>
    json(response, 400).end(Buffer.from([0x7b, 0x22, 0x65, 0xff, 0x22, 0x3a, 0x31, 0x7d])),
  json_array: (_request, response) => json(response, 200).end('[]'),
  not_ours: (_request, response) => json(response, 403).end('{"message":"Forbidden"}'),
  huge_header: (_request, response) => json(response, 200, { 'x-long': 'x'.repeat(100_000) }).end('{}'),
};

export const httpFaults = Object.keys(faults) as HttpFault[];

/** A server that does one thing wrong at every request; `visits` tells whether it was reached. */
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

export const aFaultyServer = (fault: HttpFault, elsewhere: string) =>
  aServer((request, response) => faults[fault](request, response, elsewhere));
