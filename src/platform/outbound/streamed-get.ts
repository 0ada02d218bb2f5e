import { setMaxListeners } from 'node:events';
import type { LookupFunction } from 'node:net';
import { Agent, type Dispatcher } from 'undici';
import type { World } from '../world.js';

export type StreamFailure =
  | 'time_out'
  | 'dns'
  | 'tls'
  | 'network'
  /** A redirect is never followed: it would take the token to another address. */
  | 'redirected'
  | 'origin_not_allowed'
  /** Our own process is ending. */
  | 'stopped';

/** The body ended early, paused too long, took too long, or is longer than it may be. */
export class BodyError extends Error {
  override readonly name = 'BodyError';
  constructor(readonly reason: 'cut' | 'time_out' | 'too_long' | 'stopped') {
    super(`the body of an answer is of no use: ${reason}`);
  }
}

export type StreamedAnswer = {
  kind: 'answer';
  status: number;
  /** A header that was sent once; null for any other. */
  header: (name: string) => string | null;
  /**
   * The bytes as they come, to be read once.
   *
   * @throws {BodyError}
   */
  body: () => AsyncGenerator<Buffer, void>;
  /** Ends the connection unless the body was read to its end. */
  close: () => void;
};

export type StreamedGet = {
  url: string;
  headers: Record<string, string>;
  /** The only origins to which this request may go, because it carries a token. */
  origins: readonly string[];
  /** The most bytes that the body may have. */
  maxBodyBytes: number;
  /** For the whole request, to the last byte of the body. */
  deadlineMs: number;
  signal?: AbortSignal | undefined;
};

/** Replaces the machine's certificates and name lookup in tests; no setting can do so. */
export type StreamNetwork = { authorities?: string; lookup?: LookupFunction };

type StreamedGetOptions = {
  world: Pick<World, 'wait'>;
  userAgent: string;
  /** To open a connection, to the first byte of an answer, and between two bytes of a body. */
  connectMs?: number;
  headersMs?: number;
  idleMs?: number;
  network?: StreamNetwork | undefined;
};

const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);

/** @returns null unless it is an address of https, or of http on this machine, that names no user */
export function safeOrigin(address: string): string | null {
  if (!URL.canParse(address)) return null;
  const { protocol, hostname, username, password, origin } = new URL(address);
  const isSafe = protocol === 'https:' || (protocol === 'http:' && loopback.has(hostname));
  return isSafe && username === '' && password === '' ? origin : null;
}

/**
 * Downloads whose body is read while it arrives, so that its size costs no memory: verified TLS 1.2 or newer, no
 * redirects, a limit on size and time. Compressed bodies are neither requested nor decoded.
 */
export function createStreamedGet(options: StreamedGetOptions) {
  const { world, userAgent, connectMs = 10_000, headersMs = 30_000, idleMs = 30_000, network = {} } = options;
  const agent = new Agent({
    headersTimeout: headersMs,
    bodyTimeout: idleMs,
    connect: {
      minVersion: 'TLSv1.2',
      rejectUnauthorized: true,
      timeout: connectMs,
      ...(network.authorities !== undefined && { ca: network.authorities }),
      ...(network.lookup && { lookup: network.lookup }),
    },
  });

  const closing = new AbortController();
  setMaxListeners(0, closing.signal); // one of each request
  return {
    /** Never rejects. The result contains neither the request nor an error of a library. */
    get: async (request: StreamedGet): Promise<StreamedAnswer | { kind: 'failure'; failure: StreamFailure }> => {
      const failed = (failure: StreamFailure) => ({ kind: 'failure', failure }) as const;
      const origin = safeOrigin(request.url);
      if (origin === null || !request.origins.includes(origin)) return failed('origin_not_allowed');
      const ending = endingOf(world, request, closing.signal);
      try {
        const { pathname, search } = new URL(request.url);
        const sent = agent.request({
          origin,
          path: pathname + search,
          method: 'GET',
          headers: {
            ...request.headers,
            'accept-encoding': 'identity',
            'user-agent': userAgent,
            'x-user-agent': userAgent,
          },
          signal: ending.signal,
        });
        // The signal cannot end a connection that is still being opened; the race ends the request in time anyway.
        const response = await Promise.race([sent, ending.reached]);
        if (response === null) {
          ending.clear();
          void sent.then(dropped, () => undefined);
          return failed(ending.reason());
        }
        if (response.statusCode >= 300 && response.statusCode < 400) {
          ending.clear();
          dropped(response);
          return failed('redirected');
        }
        return answerOf(response, request.maxBodyBytes, ending);
      } catch (error) {
        ending.clear();
        return failed(ending.signal.aborted ? ending.reason() : failureOf(error));
      }
    },

    /** Ends every request, also those whose answer no one read. */
    close: () => {
      closing.abort();
      return agent.destroy();
    },
  };
}

export type StreamedGetter = ReturnType<typeof createStreamedGet>;

/** The end of a request, because its time is over or this process ends. */
function endingOf(world: Pick<World, 'wait'>, { deadlineMs, signal }: StreamedGet, closing: AbortSignal) {
  const end = new AbortController();
  const done = new AbortController();
  const stop = () => end.abort();
  signal?.addEventListener('abort', stop, { once: true });
  if (signal?.aborted) stop();
  void world.wait(deadlineMs, done.signal).then(() => {
    if (!done.signal.aborted) end.abort();
  });
  const clear = () => {
    done.abort();
    signal?.removeEventListener('abort', stop);
    closing.removeEventListener('abort', clear);
  };
  closing.addEventListener('abort', clear, { once: true });
  return {
    signal: end.signal,
    reached: new Promise<null>((resolve) => {
      const reach = () => resolve(null);
      if (end.signal.aborted) reach();
      else end.signal.addEventListener('abort', reach, { once: true });
    }),
    reason: () => (signal?.aborted ? 'stopped' : 'time_out'),
    clear,
  };
}

type Ending = ReturnType<typeof endingOf>;

/** Closes the connection without reading the rest of the body. */
const dropped = ({ body }: Dispatcher.ResponseData): void => void body.on('error', () => undefined).destroy();

function answerOf(response: Dispatcher.ResponseData, maxBodyBytes: number, ending: Ending): StreamedAnswer {
  const { headers, statusCode, body } = response;
  let isRead = false;
  body.on('error', () => undefined); // an answer that no one reads may be cut off, too
  const close = () => {
    ending.clear();
    if (!isRead) dropped(response);
  };
  return {
    kind: 'answer',
    status: statusCode,
    header: (name) => {
      const value = headers[name];
      return typeof value === 'string' ? value : null;
    },
    async *body() {
      let size = 0;
      try {
        for await (const chunk of body as AsyncIterable<Buffer>) {
          size += chunk.length;
          if (size > maxBodyBytes) throw new BodyError('too_long');
          yield chunk;
        }
        isRead = true;
      } catch (error) {
        if (error instanceof BodyError) throw error;
        const isLate = ending.signal.aborted || failureOf(error) === 'time_out';
        throw new BodyError(isLate ? ending.reason() : 'cut');
      } finally {
        close();
      }
    },
    close,
  };
}

function failureOf(error: unknown): StreamFailure {
  const code = codeOf(error) ?? codeOf((error as { cause?: unknown } | null)?.cause) ?? '';
  if (/TIMEOUT|ETIMEDOUT/.test(code)) return 'time_out';
  if (/ENOTFOUND|EAI_/.test(code)) return 'dns';
  return /CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO/.test(code) ? 'tls' : 'network';
}

function codeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}
