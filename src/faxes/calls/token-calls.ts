import {
  LatchkeyError,
  TryLaterError,
  type AccessToken,
  type NoToken,
  type TokenAnswer,
  type TokenSource,
} from '../../client/client.js';
import type { StreamedAnswer, StreamedGetter } from '../../platform/outbound/streamed-get.js';
import type { World } from '../../platform/world.js';
import { classifyApiAnswer, codesOf } from '../../ringcentral/clients/classify-answer.js';
import { parseRetryAfter } from '../../platform/outbound/retry-after.js';
import type { Answer } from '../../ringcentral/clients/guarded-call.js';
import { readJson } from '../../ringcentral/clients/json-body.js';
import type { Unanswered } from '../fax-types.js';
import { originsOf } from './allowed-hosts.js';
import type { RateLimiter } from './rate-limiter.js';
import { RunEnded } from './run-ended.js';
import type { CallKind, LimitFacts } from './user-limits.js';

export type Ask = {
  kind: CallKind;
  /** The address, from the token's hosts. */
  url: (token: AccessToken, origins: readonly string[]) => string;
  headers?: Record<string, string>;
  maxBodyBytes: number;
  deadlineMs: number;
};

/** An answer of the 2xx kind that is not read yet, or one that says why there is none, with RingCentral's codes. */
export type Asked =
  | { kind: 'open'; answer: StreamedAnswer }
  | { kind: 'answered'; status: number; codes: string[]; verdict: Unanswered }
  | Unanswered;

type TokenCallsParts = {
  tokens: TokenSource;
  limiter: RateLimiter;
  get: StreamedGetter['get'];
  world: Pick<World, 'now' | 'wait'>;
  /** The end of the run, on the clock of the limiter. */
  until: number;
  signal: AbortSignal;
};

/** Between the tries of a call that no one answered, in milliseconds. RingCentral asks for 10 s after a time-out. */
const PAUSES_MS = [2000, 10_000, 30_000];
const ERROR_BODY_BYTES = 65_536;
/** After so many calls in a row to which RingCentral gave no usable answer, it is down. */
const MOST_UNANSWERED = 10;

/**
 * The calls of one clinic. A rejected token is reported to the portal once; if RingCentral rejects the next one too, the
 * clinic makes no more calls in this run.
 */
export function tokenCalls({ tokens, limiter, get, world, until, signal }: TokenCallsParts) {
  const users = new Set<string>();
  let isRenewed = false;
  let over: (Unanswered & { kind: 'over' }) | null = null;
  let unanswered = 0;

  const end = (reason: string): Unanswered => (over ??= { kind: 'over', reason });

  /** The present token; undefined if there is none, and then no more calls are made. */
  async function tokenOf(answered: Promise<TokenAnswer>): Promise<AccessToken | undefined> {
    try {
      const answer = await answered;
      if (answer.kind === 'token') return answer.token;
      end(whyNot(answer));
    } catch (error) {
      end(whyNone(error));
    }
    return undefined;
  }

  /** @returns whether to ask again with another token */
  async function isReplaced(token: AccessToken): Promise<boolean> {
    if (isRenewed) end('token_rejected');
    else isRenewed = true;
    return over === null && (await tokenOf(tokens.rejected(token.access_token))) !== undefined;
  }

  async function once(token: AccessToken, ask: Ask) {
    const origins = originsOf(token);
    users.add(token.owner_id);
    return limiter.call({ ownerId: token.owner_id, kind: ask.kind, until, signal }, async () => {
      const value = await get({
        url: ask.url(token, origins),
        headers: { authorization: `Bearer ${token.access_token}`, ...ask.headers },
        origins,
        maxBodyBytes: ask.maxBodyBytes,
        deadlineMs: ask.deadlineMs,
        signal,
      });
      return { value, facts: value.kind === 'answer' ? factsOf(value, world.now()) : null };
    });
  }

  async function tried(ask: Ask): Promise<Asked> {
    let last: Unanswered = { kind: 'inconclusive', reason: 'unreachable' };
    for (const pauseMs of [0, ...PAUSES_MS]) {
      if (!limiter.isBefore(until, pauseMs)) return end('time_over');
      if (pauseMs > 0) await world.wait(pauseMs, signal);
      if (over) return over;
      if (signal.aborted) return end('stopped');
      const token = await tokenOf(tokens.get());
      if (!token) return end('no_token');
      const sent = await once(token, ask);
      if (sent.kind !== 'sent') return end(sent.kind === 'late' ? 'time_over' : 'stopped');
      const { value } = sent;
      if (value.kind === 'failure') {
        if (value.failure === 'stopped') return end('stopped');
        last = { kind: 'inconclusive', reason: value.failure };
        if (value.failure === 'origin_not_allowed' || value.failure === 'redirected') return last;
        continue;
      }
      if (value.status >= 200 && value.status < 300) return { kind: 'open', answer: value };
      const read = await refusalOf(value, world.now());
      if (read.kind === 'token_rejected') {
        if (!(await isReplaced(token))) return end('token_rejected');
        last = { kind: 'inconclusive', reason: 'token_rejected' };
      } else if (read.kind === 'answered') return read;
      else last = read;
    }
    return last;
  }

  return {
    async ask(ask: Ask): Promise<Asked> {
      const answer = await tried(ask);
      unanswered = answer.kind === 'inconclusive' ? unanswered + 1 : 0;
      return answer.kind === 'inconclusive' && unanswered >= MOST_UNANSWERED ? end(answer.reason) : answer;
    },

    /** The users whose calls these were. */
    users: (): readonly string[] => [...users],
    /** Why no call is made any more; null while calls are made. */
    over: (): string | null => over?.reason ?? null,
  };
}

export type TokenCalls = ReturnType<typeof tokenCalls>;

/** Why the portal gave no answer about a token, as a code. */
export function whyNone(error: unknown): string {
  if (error instanceof RunEnded) return error.reason;
  if (error instanceof TryLaterError) return error.problem?.cause ?? 'portal_unreachable';
  if (error instanceof LatchkeyError) return error.problem.cause ?? `portal_${error.status}`;
  throw error;
}

/** Why there is no token, as a code. */
export function whyNot(answer: NoToken): string {
  if (answer.kind === 'try_later') return answer.problem?.cause ?? 'portal_unreachable';
  return answer.problem.cause ?? answer.kind;
}

async function refusalOf(
  answer: StreamedAnswer,
  now: Date,
): Promise<{ kind: 'token_rejected' } | (Asked & { kind: 'answered' | 'inconclusive' })> {
  const { status } = answer;
  const json = await smallBody(answer);
  const codes = codesOf(json);
  const facts = factsOf(answer, now);
  const read: Answer = { kind: 'answer', json, requestId: null, ...facts };
  const verdict = classifyApiAnswer(read);
  if (verdict.kind === 'token_rejected') return { kind: 'token_rejected' };
  const isKnown = codes.includes('MSG-368') || status === 404 || status === 410;
  if (verdict.kind === 'inconclusive' && !isKnown) return { kind: 'inconclusive', reason: verdict.cause };
  return { kind: 'answered', status, codes, verdict: { kind: 'refused', status, code: codes.at(-1) ?? null } };
}

/** The JSON of a short body, such as that of an error; undefined for any other. */
export async function smallBody(answer: StreamedAnswer): Promise<unknown> {
  const body = await wholeBody(answer, ERROR_BODY_BYTES);
  return body === null ? undefined : readJson(body);
}

/** @returns null if the body is cut off, or longer than `most` */
export async function wholeBody(answer: StreamedAnswer, most: number): Promise<Buffer | null> {
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of answer.body()) {
      size += part.length;
      if (size > most) return null;
      parts.push(part);
    }
    return Buffer.concat(parts);
  } catch {
    return null; // what RingCentral sent says nothing
  }
}

function factsOf({ status, header }: StreamedAnswer, now: Date): LimitFacts {
  const count = (name: string): number | null => {
    const text = header(name) ?? '';
    return /^\d{1,9}$/.test(text) ? Number(text) : null;
  };
  const group = header('x-rate-limit-group')?.toLowerCase() ?? '';
  return {
    status,
    group: /^[\w.-]{1,60}$/.test(group) ? group : null,
    limit: count('x-rate-limit-limit'),
    remaining: count('x-rate-limit-remaining'),
    windowSeconds: count('x-rate-limit-window'),
    retryAfterMs: parseRetryAfter(header('retry-after'), now),
  };
}
