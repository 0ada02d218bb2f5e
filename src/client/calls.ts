import { readJson } from './exact-json.js';
import type { Problem } from './client-types.js';
import type { Surroundings } from './surroundings.js';

export type ClientOptions = {
  /** The portal's address, such as `https://portal.isv.example`. */
  url: string;
  apiKey: string;
  /** How long a call may wait for the portal or RingCentral, in milliseconds; default 60,000. 0: ask once. */
  maxWaitMs?: number;
  /** How long one request may last, in milliseconds; default 30,000. The portal answers within 15 s. */
  timeoutMs?: number;
};

/** The portal refused a call, or what answered is not the portal. The message contains neither key nor token. */
export class LatchkeyError extends Error {
  override readonly name = 'LatchkeyError';
  constructor(
    readonly status: number,
    readonly problem: Problem,
    /** When, by the portal's clock. */
    readonly at: Date | null = null,
  ) {
    const { cause = problem.title, type, instance } = problem;
    // The page of the cause says what to do.
    super(`the portal answered ${status} ${cause}${instance && ` (${instance}); see ${type}`}`);
  }
}

/** The portal could not be reached, or cannot answer yet. */
export class TryLaterError extends Error {
  override readonly name = 'TryLaterError';
  constructor(
    readonly at: Date,
    readonly problem: Problem | null,
  ) {
    super(`try again at ${at.toISOString()}`);
  }
}

export type Call = {
  method: 'GET' | 'POST' | 'PATCH' | 'PUT';
  path: string;
  query?: Record<string, string | number | undefined>;
  body?: object;
  headers?: Record<string, string>;
  /** Whether the call may be sent again if its answer was lost; default: yes. */
  isRepeatable?: boolean;
  /** Default: that of the client. */
  maxWaitMs?: number | undefined;
};

export type Answered = { status: number; body: unknown; location: string | null; sentAt: number };
type Reply = { status: number; headers: { get: (name: string) => string | null }; text: string };

const UNREACHABLE_FIRST_MS = 1000;
const UNREACHABLE_MOST_MS = 30_000;
/** Added to every wait, so that callers who were told one time do not return at once. */
const JITTER_MS = 2000;
const keyForm = /^[\w.~+/=-]{1,255}$/;

/** Makes calls and repeats those that may succeed later, until the wait is over. */
export function createCalls(options: ClientOptions, { fetch, now, random, wait }: Surroundings) {
  const { url, apiKey, maxWaitMs: usualWaitMs = 60_000, timeoutMs = 30_000 } = options;
  const base = baseOf(url);
  if (!keyForm.test(apiKey)) throw new TypeError('apiKey is not an API key');

  async function send({ method, path, query = {}, body, headers }: Call): Promise<Reply | null> {
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value));
    const address = search.size === 0 ? path : `${path}?${search.toString()}`;
    try {
      const answer = await fetch(base + address, {
        method,
        headers: {
          accept: 'application/json',
          authorization: `Bearer ${apiKey}`,
          ...(body && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body && { body: JSON.stringify(body) }),
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
      });
      return { status: answer.status, headers: answer.headers, text: await answer.text() };
    } catch {
      return null; // the error of fetch may hold the address; that no answer came is all there is to know
    }
  }

  /**
   * @throws {TryLaterError} if the wait is over first
   * @throws {LatchkeyError} for every other answer that is not a success
   */
  return async function call(ask: Call): Promise<Answered> {
    const { maxWaitMs = usualWaitMs } = ask;
    const startedAt = now();
    for (let failures = 0; ; failures += 1) {
      const sentAt = now();
      const reply = await send(ask);
      if (reply && reply.status < 300) {
        const { status, headers, text } = reply;
        return { status, body: text === '' ? null : parsed(text), location: headers.get('location'), sentAt };
      }
      const problem = reply && problemOf(reply);
      if (problem && !isTransient(problem)) throw new LatchkeyError(problem.status, problem, timeOf(reply));
      const waitMs = reply && problem ? toldMs(reply, problem, now()) : backoffMs(failures);
      const spread = random() * JITTER_MS;
      const isOver = now() - startedAt + waitMs + spread > maxWaitMs;
      if (isOver || (reply === null && ask.isRepeatable === false))
        throw new TryLaterError(new Date(now() + waitMs), problem);
      await wait(waitMs + spread);
    }
  };
}

export type Calls = ReturnType<typeof createCalls>;

/** @throws {TypeError} unless it is an origin of https, or of http on this machine */
function baseOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  const isLocal = url !== null && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLocal);
  if (!isSafe || url.pathname !== '/' || url.search !== '' || url.username !== '')
    throw new TypeError('url must be the https origin of a portal (http on loopback only)');
  return url.origin;
}

const backoffMs = (failures: number): number => Math.min(UNREACHABLE_MOST_MS, UNREACHABLE_FIRST_MS * 2 ** failures);

const isTransient = ({ status, retryable }: Problem): boolean => retryable ?? (status === 429 || status >= 500);

/**
 * How long the portal asks to wait. Its own clock decides, so that a clock of ours that is wrong changes nothing:
 * `retry_at` is compared with `Date`, which is cut to the second and so makes the wait longer, never shorter.
 */
function toldMs({ headers }: Reply, { retry_at: retryAt }: Problem, now: number): number {
  const until = Date.parse(retryAt ?? '');
  if (!Number.isNaN(until)) return Math.max(0, until - (timeOf({ headers })?.getTime() ?? now));
  const seconds = Number(headers.get('retry-after') ?? '1');
  return Number.isFinite(seconds) ? Math.max(1, seconds) * 1000 : UNREACHABLE_FIRST_MS;
}

function timeOf({ headers }: Pick<Reply, 'headers'>): Date | null {
  const at = Date.parse(headers.get('date') ?? '');
  return Number.isNaN(at) ? null : new Date(at);
}

function parsed(text: string): unknown {
  try {
    return readJson(text);
  } catch {
    return undefined;
  }
}

/** An answer that is no problem of the portal comes from something in between, such as a proxy. */
function problemOf({ status, text }: Reply): Problem {
  const body = parsed(text) as Partial<Problem> | null | undefined;
  const isProblem = typeof body === 'object' && body !== null && typeof body.instance === 'string';
  if (isProblem) return { ...(body as Problem), status };
  return { type: 'about:blank', title: 'an answer that is not the portal’s', status, instance: '' };
}
