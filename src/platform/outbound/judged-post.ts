import { lookup as machineLookup } from 'node:dns';
import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { Agent, type Dispatcher } from 'undici';
import type { World } from '../world.js';
import { literalOf, urlProblem, type JudgeAddress } from './public-address.js';

export { machineLookup };

export type PostFailure =
  | 'time_out'
  | 'dns'
  | 'tls'
  | 'network'
  /** An address of the look-up, or the URL itself, is not one that we may call. */
  | 'not_allowed';

export type PostResult =
  | {
      kind: 'answer';
      /** Also of a redirect, which is not followed: it would lead to an address that no one entered. */
      status: number;
      ms: number;
      /** The first kilobyte of the body, as text. */
      excerpt: string;
      /** As it was sent; null unless it was sent once. */
      retryAfter: string | null;
    }
  | { kind: 'failure'; failure: PostFailure; ms: number };

/** `lookup` and `authorities` replace the machine's name look-up and certificates in tests; no setting can do so. */
export type PostNetwork = { authorities?: string; lookup?: LookupFunction; loopback?: boolean };

type Options = {
  world: Pick<World, 'wait' | 'now'>;
  judge: JudgeAddress;
  userAgent: string;
  /** From the look-up to the last byte of the body that is read. */
  deadlineMs?: number;
  network?: PostNetwork | undefined;
};

const DEADLINE_MS = 15_000;
const EXCERPT_BYTES = 1024;
/** More than that is not read: the connection is closed. */
const MOST_BYTES = 20 * 1024;

type Sent = { failure: PostFailure } | { status: number; excerpt: string; retryAfter: string | null };

class NotAllowed extends Error {
  readonly code = 'NOT_ALLOWED';
}

/**
 * Judges every address of a look-up, and hands exactly these on: what was judged is what is connected to. One address
 * that is not allowed refuses all, because the next look-up may order them differently.
 */
export const judgedLookup =
  (lookup: LookupFunction, judge: JudgeAddress): LookupFunction =>
  (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      const addresses = error ? [] : (found as LookupAddress[]);
      const [first] = addresses;
      if (error) callback(error, '', 0);
      else if (!first) callback(Object.assign(new Error('no address'), { code: 'ENOTFOUND' }), '', 0);
      else if (!addresses.every(({ address }) => judge(address))) callback(new NotAllowed('not allowed'), '', 0);
      else if (options.all) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };

/**
 * Posts to URLs that people typed: the address that was judged is the one connected to, TLS 1.2 or newer for the name in
 * the URL, no redirects, one deadline for all of it, and a limit on what is read. Each call has its own connection.
 */
export function createJudgedPost({ world, judge, userAgent, deadlineMs = DEADLINE_MS, network = {} }: Options) {
  const { authorities, lookup = machineLookup, loopback = false } = network;

  async function send(agent: Agent, url: URL, headers: Record<string, string>, body: string): Promise<Sent> {
    const response = await agent.request({
      origin: url.origin,
      path: url.pathname + url.search,
      method: 'POST',
      headers: { ...headers, 'accept-encoding': 'identity', 'user-agent': userAgent },
      body,
    });
    const { statusCode: status } = response;
    const { 'retry-after': retryAfter } = response.headers;
    return {
      status,
      excerpt: plainText(await firstBytes(response)),
      retryAfter: typeof retryAfter === 'string' ? retryAfter : null,
    };
  }

  return {
    /** Never rejects. The result contains neither the request, nor headers, nor an error of a library. */
    post: async (address: string, headers: Record<string, string>, body: string): Promise<PostResult> => {
      const startedAt = world.now().getTime();
      const ms = () => Math.max(0, world.now().getTime() - startedAt);
      const failed = (failure: PostFailure): PostResult => ({ kind: 'failure', failure, ms: ms() });
      if (urlProblem(address, judge, loopback) !== null) return failed('not_allowed');
      const url = new URL(address);
      // Node looks up no literal address, so the judge of look-ups does not see it.
      const literal = literalOf(url);
      if (literal !== null && !judge(literal)) return failed('not_allowed');
      const agent = new Agent({
        headersTimeout: deadlineMs,
        bodyTimeout: deadlineMs,
        connect: {
          minVersion: 'TLSv1.2',
          rejectUnauthorized: true,
          timeout: deadlineMs,
          lookup: judgedLookup(lookup, judge),
          ...(authorities !== undefined && { ca: authorities }),
        },
      });
      const done = new AbortController();
      const late = world.wait(deadlineMs, done.signal).then((): Sent => ({ failure: 'time_out' }));
      try {
        const sent = send(agent, url, headers, body);
        sent.catch(() => undefined); // after the deadline
        const result = await Promise.race([sent, late]);
        return 'failure' in result ? failed(result.failure) : { kind: 'answer', ms: ms(), ...result };
      } catch (error) {
        return failed(failureOf(error));
      } finally {
        done.abort();
        void agent.destroy().catch(() => undefined);
      }
    },
  };
}

export type JudgedPost = ReturnType<typeof createJudgedPost>;

const LOOK_UP_MS = 5000;

/**
 * Looks the host of a URL up once, for the person who types it. A name that is not found now may be found later: only
 * the look-up of a call decides.
 *
 * @returns a function that says false if an address of the host is not allowed
 */
export const createLookupJudge =
  ({
    world,
    judge,
    lookup = machineLookup,
  }: Pick<Options, 'world' | 'judge'> & { lookup?: LookupFunction | undefined }) =>
  async (address: string): Promise<boolean> => {
    const { hostname } = new URL(address);
    if (literalOf(new URL(address)) !== null) return true; // its text was judged
    const done = new AbortController();
    const judged = new Promise<boolean>((resolve) => {
      judgedLookup(lookup, judge)(hostname, { all: true }, (error) => resolve(!(error instanceof NotAllowed)));
    });
    const late = world.wait(LOOK_UP_MS, done.signal).then(() => true);
    return Promise.race([judged, late]).finally(() => done.abort());
  };

async function firstBytes({ body }: Dispatcher.ResponseData): Promise<Buffer> {
  const kept: Buffer[] = [];
  let size = 0;
  body.on('error', () => undefined); // the rest of a body that is not read may be cut off
  for await (const chunk of body as AsyncIterable<Buffer>) {
    if (size < EXCERPT_BYTES) kept.push(chunk.subarray(0, EXCERPT_BYTES - size));
    size += chunk.length;
    if (size > MOST_BYTES) break;
  }
  return Buffer.concat(kept);
}

/** What a page and a database can hold: no control characters but line ends, and no half of a character. */
const plainText = (bytes: Buffer): string =>
  bytes
    .toString('utf8')
    .replace(/[^\P{Cc}\n\t]/gu, '\uFFFD')
    .replace(/\uFFFD+$/, '');

function failureOf(error: unknown): PostFailure {
  const code = codeOf(error) ?? codeOf((error as { cause?: unknown } | null)?.cause) ?? '';
  if (code === 'NOT_ALLOWED') return 'not_allowed';
  if (/TIMEOUT|ETIMEDOUT/.test(code)) return 'time_out';
  if (/ENOTFOUND|EAI_/.test(code)) return 'dns';
  return /CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO/.test(code) ? 'tls' : 'network';
}

/** A connection that was tried to several addresses fails with the errors of all. */
function codeOf(error: unknown): string | undefined {
  const { code, errors } = (error ?? {}) as { code?: unknown; errors?: unknown };
  if (typeof code === 'string') return code;
  return Array.isArray(errors) ? codeOf(errors[0]) : undefined;
}
