import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { Request, Response } from 'express';
import { noteErrorCode } from './call-context.js';
import { changeAnswer, replaceAnswer, type AnswerChange } from './changed-answers.js';
import { changeDocument } from './changed-documents.js';
import { rawSocketOf } from './raw-sockets.js';

export type FaultParameters = AnswerChange & {
  /** 400 to 599 for `status` and `html`; `html` also accepts 200 */
  status?: number | undefined;
  /** seconds; a string is sent unchanged; null omits the header */
  retryAfter?: number | string | null | undefined;
  /** format of a numeric `retryAfter`; default `seconds` */
  retryAfterAs?: 'seconds' | 'date' | undefined;
  /** RingCentral's error code; CMN-201 or CMN-211 for `unavailable` */
  code?: string | undefined;
  /** the OAuth `error` that `status` sends at the token endpoint */
  error?: string | undefined;
  delayMs?: number | undefined;
  bytes?: number | undefined;
  location?: string | undefined;
};
export type Play = {
  req: Request;
  res: Response;
  parameters: FaultParameters;
  now: Date;
  /** starts a penalty of this many seconds */
  forced429: (seconds: number) => void;
};

const MEBIBYTE = 1024 * 1024;
const json = 'application/json;charset=utf-8';
const good = (res: Response) => res.status(200).set('Content-Type', json);

/** Sends an error in the shape of its endpoint: OAuth under /restapi/oauth, API elsewhere. */
function sendError(req: Request, res: Response, status: number, code: string, message: string, error?: string): void {
  noteErrorCode(res, code);
  const errors = [{ errorCode: code, message }];
  const isOauth = error !== undefined && req.originalUrl.startsWith('/restapi/oauth/');
  res
    .status(status)
    .json(isOauth ? { error, error_description: message, errors } : { errorCode: code, message, errors });
}

/** Documented API error codes by status. Other statuses have no documented code and get the invented CMN-999. */
const apiCodes: Record<number, string> = { 400: 'CMN-101', 401: 'OAU-213', 403: 'CMN-403', 404: 'CMN-102' };
const oauthErrors: Record<number, string> = { 401: 'invalid_client', 403: 'access_denied' };

function retryAfterHeader({ retryAfter = 60, retryAfterAs = 'seconds' }: FaultParameters, now: Date) {
  if (typeof retryAfter !== 'number') return { header: retryAfter, seconds: 30 }; // a missing or invalid header means a 30 s penalty
  const until = new Date(now.getTime() + retryAfter * 1000);
  return { header: retryAfterAs === 'date' ? until.toUTCString() : String(retryAfter), seconds: retryAfter };
}

/** Resolves when there is room to write again or the connection has closed. */
const drained = (res: Response) =>
  new Promise<void>((resolve) => {
    const done = () => {
      res.off('drain', done).off('close', done);
      resolve();
    };
    res.on('drain', done).on('close', done);
  });

/** Writes until all bytes are out or the client disconnects; waits while the buffer is full. */
async function stream(res: Response, total: number, chunk: Buffer, pauseMs = 0): Promise<void> {
  for (let sent = 0; sent < total && !res.destroyed; sent += chunk.length) {
    const room = res.write(chunk.subarray(0, Math.min(chunk.length, total - sent)));
    if (pauseMs > 0) await sleep(pauseMs);
    else if (!room) await drained(res);
  }
  if (!res.destroyed) res.end();
}

// eslint-disable-next-line no-restricted-syntax -- always the same, and slow to make
const bombs = new Map<number, Buffer>();
/**
 * Gzipped JSON that expands to about `bytes` bytes. Concatenated gzip members are one valid gzip file (RFC 1952
 * §2.2).
 */
function bombOf(bytes: number): Buffer {
  const known = bombs.get(bytes);
  if (known) return known;
  const spaces = gzipSync(Buffer.alloc(MEBIBYTE, ' '));
  const bomb = Buffer.concat([
    gzipSync('{"records":[]}'),
    ...Array.from({ length: Math.ceil(bytes / MEBIBYTE) }, () => spaces),
  ]);
  bombs.set(bytes, bomb);
  return bomb;
}

/**
 * One entry per kind of fault. Returns true when the request was answered or cut off, and false when the real answer
 * follows, late or changed.
 */
const table = {
  rate_limited: ({ req, res, parameters, now, forced429 }) => {
    const { header, seconds } = retryAfterHeader(parameters, now);
    if (header !== null) res.set('Retry-After', header);
    res.set('X-Rate-Limit-Remaining', '0');
    forced429(seconds);
    sendError(req, res, 429, 'CMN-301', 'Request rate exceeded');
    return true;
  },
  unavailable: ({ req, res, parameters: { retryAfter = null, code = 'CMN-201' } }) => {
    if (retryAfter !== null) res.set('Retry-After', String(retryAfter));
    sendError(req, res, 503, code, code === 'CMN-211' ? 'Service is in limited mode' : 'Service Temporary Unavailable');
    return true;
  },
  /** The token endpoint's own body, as seen in a recorded answer. */
  service_unavailable_oauth: ({ res }) => {
    const error = { error: 'service_unavailable', error_description: 'Service Unavailable' };
    res.status(503).json({ message: 'Service Unavailable', ...error });
    return true;
  },
  /** Any status, in RingCentral's error shape. */
  status: ({ req, res, parameters: { status = 500, code, error } }) => {
    const oauth = error ?? oauthErrors[status] ?? (status < 500 ? 'invalid_request' : 'service_unavailable');
    sendError(req, res, status, code ?? apiCodes[status] ?? 'CMN-999', `Synthetic answer ${status}`, oauth);
    return true;
  },
  /** RingCentral does what was asked, and then answers with an error as if it had not. */
  answer_lost: ({ req, res, parameters: { status = 500, code = 'CMN-999' } }) => {
    replaceAnswer(res, () => sendError(req, res, status, code, `Synthetic answer ${status}`, 'server_error'));
    return false;
  },
  /** A gateway's error page, or with status 200 the sign-in page of a network (captive portal). */
  html: ({ res, parameters: { status = 502 } }) => {
    const title = status < 300 ? 'Sign in to this network' : `${status} from a gateway`;
    const page = `<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`;
    res.status(status).type('html').send(page);
    return true;
  },
  cut_json: ({ res }) => {
    good(res).end('{"access_token":"U0pDMTFQMDFQQVMwMHxBQUJf","token_ty');
    return true;
  },
  empty_body: ({ res }) => {
    good(res).end();
    return true;
  },
  not_json: ({ res }) => {
    res.status(200).type('text').end('OK');
    return true;
  },
  bad_utf8: ({ res }) => {
    good(res).end(Buffer.from([...Buffer.from('{"access_token":"U0pD'), 0xff, 0xfe, ...Buffer.from('"}')]));
    return true;
  },
  json_list: ({ res }) => {
    good(res).end('[]');
    return true;
  },
  deep_json: ({ res }) => {
    good(res).end('['.repeat(100_000) + ']'.repeat(100_000));
    return true;
  },
  /** 100 MB by default, in a compressed body about a thousandth of that size. */
  gzip_bomb: ({ res, parameters: { bytes = 100 * MEBIBYTE } }) => {
    good(res).set('Content-Encoding', 'gzip').end(bombOf(bytes));
    return true;
  },
  huge_body: async ({ res, parameters: { bytes = 100 * MEBIBYTE } }) => {
    good(res).write('{"access_token":"');
    await stream(res, bytes, Buffer.alloc(MEBIBYTE, 'A'));
    return true;
  },
  huge_header: ({ res, parameters: { bytes = 100_000 } }) => {
    good(res).set('X-Long', 'x'.repeat(bytes)).end('{}');
    return true;
  },
  slow_drip: async ({ res, parameters: { delayMs = 1000, bytes = 3600 } }) => {
    good(res);
    await stream(res, bytes, Buffer.from(' '), delayMs);
    return true;
  },
  slow: async ({ parameters: { delayMs = 5000 } }) => {
    await sleep(delayMs);
    return false;
  },
  hang: async ({ res }) => {
    await new Promise<void>((done) => void res.once('close', done));
    return true;
  },
  connection_reset: ({ req }) => {
    rawSocketOf(req.socket).resetAndDestroy();
    return true;
  },
  connection_cut: ({ req, res }) => {
    good(res).set('Content-Length', '4096');
    res.write('{"access_token":"U0pD');
    setTimeout(() => req.socket.destroy(), 5);
    return true;
  },
  redirect: ({ res, parameters: { location = 'http://redirected.example/', status = 302 } }) => {
    res.redirect(status, location);
    return true;
  },
  changed_members: ({ res, parameters: { set, remove } }) => {
    changeAnswer(res, { kind: 'members', set, remove });
    return false;
  },
  proto_members: ({ res }) => {
    changeAnswer(res, { kind: 'proto' });
    return false;
  },
  /** Sends each member twice, with the real value last by default and first with `last: other`. */
  duplicate_keys: ({ res, parameters: { last } }) => {
    changeAnswer(res, { kind: 'duplicates', last: last ?? 'real' });
    return false;
  },
  /** The kinds below change the document of a content call; the rest of the answer is real. */
  document_slow: ({ res, parameters: { delayMs = 100, bytes = 64 } }) => {
    changeDocument(res, { kind: 'slow', delayMs, bytes });
    return false;
  },
  document_cut: ({ res, parameters: { bytes } }) => {
    changeDocument(res, { kind: 'cut', bytes });
    return false;
  },
  document_short: ({ res, parameters: { bytes } }) => {
    changeDocument(res, { kind: 'short', bytes });
    return false;
  },
  document_long: ({ res, parameters: { bytes } }) => {
    changeDocument(res, { kind: 'long', bytes });
    return false;
  },
  document_no_length: ({ res }) => {
    changeDocument(res, { kind: 'no_length' });
    return false;
  },
  range_ignored: ({ res }) => {
    changeDocument(res, { kind: 'range_ignored' });
    return false;
  },
  range_shifted: ({ res }) => {
    changeDocument(res, { kind: 'range_shifted' });
    return false;
  },
  range_resized: ({ res }) => {
    changeDocument(res, { kind: 'range_resized' });
    return false;
  },
} satisfies Record<string, (play: Play) => boolean | Promise<boolean>>;

export type FaultKind = keyof typeof table;
export const faultKinds = Object.keys(table) as FaultKind[];

/** @returns false if the real answer must still be sent */
export async function playFault(kind: FaultKind, play: Play): Promise<boolean> {
  const row: (play: Play) => boolean | Promise<boolean> = table[kind];
  return row(play);
}
