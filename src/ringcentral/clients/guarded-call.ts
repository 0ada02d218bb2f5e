import type { LookupFunction } from 'node:net';
import { Agent, type Dispatcher } from 'undici';
import { parseRetryAfter } from '../../platform/outbound/retry-after.js';
import type { World } from '../../platform/world.js';
import { readJson } from './json-body.js';

type TransportFailure =
  | 'time_out'
  | 'dns'
  | 'tls'
  | 'network'
  /** RingCentral's API never redirects: a redirect comes from something in between and is not followed */
  | 'redirected'
  | 'body_too_large'
  | 'origin_not_allowed';

/** The parts of an answer that are kept. `json` is undefined if the body is not JSON. */
export type Answer = {
  kind: 'answer';
  status: number;
  json: unknown;
  /** RCRequestId, if it is at most 100 of `A-Za-z0-9-_.` */
  requestId: string | null;
  retryAfterMs: number | null;
  limit: number | null;
  remaining: number | null;
  windowSeconds: number | null;
};

/** `requestId` if RingCentral began to answer. */
export type Failure = { kind: 'failure'; failure: TransportFailure; requestId?: string };

export type GuardedRequest = {
  method: 'GET' | 'POST';
  url: string;
  headers: Record<string, string>;
  body?: string;
  /** bytes; default 1 MiB */
  maxBodyBytes?: number;
};

export type GuardedCall = {
  /** Never rejects. The result contains neither the request nor an error of a library. */
  call: (request: GuardedRequest) => Promise<Answer | Failure>;
  close: () => Promise<void>;
};

type GuardedCallOptions = {
  /** the only origins a connection is ever opened to (SEC-25) */
  allowedOrigins: readonly string[];
  world: Pick<World, 'now' | 'wait'>;
  /** sent as X-User-Agent, such as `Latchkey/0.1.0` */
  userAgent: string;
  /** for a whole call, from connecting to the last byte of the body; default 10,000 */
  deadlineMs?: number;
  network?: Network | undefined;
};

/** Replaces the machine's certificates and name lookup in tests; no setting can do so. */
export type Network = {
  /** PEM; trusted instead of Node's built-in authorities, for these calls only */
  authorities?: string;
  lookup?: LookupFunction;
};

const MEBIBYTE = 1_048_576;
const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);

/** @throws {Error} if an address is neither https nor loopback; the message does not contain the address */
export function originOf(address: string): string {
  const url = new URL(address);
  const fit = url.protocol === 'https:' || (url.protocol === 'http:' && loopback.has(url.hostname));
  if (!fit) throw new Error('an address of RingCentral is neither https nor loopback');
  return url.origin;
}

/**
 * Makes all calls to RingCentral: fixed origins, verified TLS 1.2 or newer, no redirects, one deadline for the whole
 * call and a limit on the body's size. It neither requests nor decodes compressed bodies, so none can expand.
 */
export function createGuardedCall(options: GuardedCallOptions): GuardedCall {
  const { world, deadlineMs = 10_000, network = {} } = options;
  const allowed = new Set(options.allowedOrigins.map(originOf));
  const agent = new Agent({
    connect: {
      minVersion: 'TLSv1.2',
      rejectUnauthorized: true,
      timeout: deadlineMs,
      ...(network.authorities !== undefined && { ca: network.authorities }),
      ...(network.lookup && { lookup: network.lookup }),
    },
  });

  async function send(request: GuardedRequest, signal: AbortSignal): Promise<Answer | Failure> {
    const { origin, pathname, search } = new URL(request.url);
    const response = await agent.request({
      origin,
      path: pathname + search,
      method: request.method,
      headers: {
        ...request.headers,
        accept: 'application/json',
        'accept-encoding': 'identity',
        'user-agent': options.userAgent,
        'x-user-agent': options.userAgent,
      },
      body: request.body ?? null,
      signal,
    });
    if (response.statusCode >= 300 && response.statusCode < 400) return dropped(response, 'redirected');
    const body = await readBody(response, request.maxBodyBytes ?? MEBIBYTE);
    return body === undefined ? dropped(response, 'body_too_large') : answerOf(response, body, world.now());
  }

  return {
    async call(request) {
      if (!URL.canParse(request.url) || !allowed.has(new URL(request.url).origin))
        return { kind: 'failure', failure: 'origin_not_allowed' };
      const done = new AbortController();
      const deadline = new AbortController();
      // The signal cannot abort a connection that is still being opened; the race ends the call in time anyway.
      const late = world.wait(deadlineMs, done.signal).then((): Failure => {
        deadline.abort();
        return { kind: 'failure', failure: 'time_out' };
      });
      try {
        return await Promise.race([send(request, deadline.signal), late]);
      } catch (error) {
        return { kind: 'failure', failure: deadline.signal.aborted ? 'time_out' : failureOf(error) };
      } finally {
        done.abort();
      }
    },
    close: () => agent.destroy(),
  };
}

/** Closes the connection without reading the rest of the body. */
function dropped({ body, headers }: Dispatcher.ResponseData, failure: TransportFailure): Failure {
  body.on('error', () => undefined).destroy();
  const requestId = requestIdOf(headers);
  return { kind: 'failure', failure, ...(requestId !== null && { requestId }) };
}

function requestIdOf({ rcrequestid }: Dispatcher.ResponseData['headers']): string | null {
  return typeof rcrequestid === 'string' && /^[\w.-]{1,100}$/.test(rcrequestid) ? rcrequestid : null;
}

/** @returns undefined if the body is longer than `limit` bytes */
async function readBody(response: Dispatcher.ResponseData, limit: number): Promise<Buffer | undefined> {
  if (Number(response.headers['content-length'] ?? 0) > limit) return undefined;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response.body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function answerOf({ headers, statusCode }: Dispatcher.ResponseData, body: Buffer, now: Date): Answer {
  const header = (name: string): string | null => {
    const value = headers[name];
    return typeof value === 'string' ? value : null;
  };
  const count = (name: string): number | null => {
    const text = header(name) ?? '';
    return /^\d{1,9}$/.test(text) ? Number(text) : null;
  };
  const isPlain = (header('content-encoding') ?? 'identity') === 'identity';
  return {
    kind: 'answer',
    status: statusCode,
    json: isPlain ? readJson(body) : undefined,
    requestId: requestIdOf(headers),
    retryAfterMs: parseRetryAfter(header('retry-after'), now),
    limit: count('x-rate-limit-limit'),
    remaining: count('x-rate-limit-remaining'),
    windowSeconds: count('x-rate-limit-window'),
  };
}

function failureOf(error: unknown): TransportFailure {
  const code = errorCode(error) ?? errorCode((error as { cause?: unknown } | null)?.cause) ?? '';
  if (/TIMEOUT|ETIMEDOUT/.test(code)) return 'time_out';
  if (/ENOTFOUND|EAI_/.test(code)) return 'dns';
  return /CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO/.test(code) ? 'tls' : 'network';
}

function errorCode(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}
