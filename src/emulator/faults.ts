import { setTimeout as sleep } from 'node:timers/promises';
import type { Request, RequestHandler, Response } from 'express';
import { noteErrorCode } from './call-context.js';

export type FaultParameters = {
  /** seconds; null leaves the header out */
  retryAfter?: number | null | undefined;
  /** CMN-201 or CMN-211 for `unavailable` */
  code?: string | undefined;
  delayMs?: number | undefined;
  bytes?: number | undefined;
  location?: string | undefined;
};
type Play = { req: Request; res: Response; parameters: FaultParameters; forced429: (seconds: number) => void };

const json = 'application/json;charset=utf-8';

function sendError(res: Response, status: number, code: string, message: string, extra: object = {}): void {
  noteErrorCode(res, code);
  res.status(status).json({ ...extra, errorCode: code, message, errors: [{ errorCode: code, message }] });
}

/** When there is room again, or nobody to write to. */
const drained = (res: Response) =>
  new Promise<void>((resolve) => {
    const done = () => {
      res.off('drain', done).off('close', done);
      resolve();
    };
    res.on('drain', done).on('close', done);
  });

/** Writes until everything is out or the other end has gone; waits while the buffer is full. */
async function stream(res: Response, total: number, chunk: Buffer, pauseMs = 0): Promise<void> {
  for (let sent = 0; sent < total && !res.destroyed; sent += chunk.length) {
    const room = res.write(chunk.subarray(0, Math.min(chunk.length, total - sent)));
    if (pauseMs > 0) await sleep(pauseMs);
    else if (!room) await drained(res);
  }
  if (!res.destroyed) res.end();
}

/** One row, one way to go wrong. `true`: answered (or cut off); `false`: only held up, the real answer follows. */
const table = {
  rate_limited: ({ res, parameters: { retryAfter = 60 }, forced429 }) => {
    if (retryAfter !== null) res.set('Retry-After', String(retryAfter));
    res.set('X-Rate-Limit-Remaining', '0');
    forced429(retryAfter ?? 30);
    sendError(res, 429, 'CMN-301', 'Request rate exceeded');
    return true;
  },
  unavailable: ({ res, parameters: { retryAfter = null, code = 'CMN-201' } }) => {
    if (retryAfter !== null) res.set('Retry-After', String(retryAfter));
    sendError(res, 503, code, code === 'CMN-211' ? 'Service is in limited mode' : 'Service Temporary Unavailable');
    return true;
  },
  /** The token endpoint's own words in a seen fixture (ringcentral.md §3.5). */
  service_unavailable_oauth: ({ res }) => {
    const error = { error: 'service_unavailable', error_description: 'Service Unavailable' };
    res.status(503).json({ message: 'Service Unavailable', ...error });
    return true;
  },
  server_error: ({ res }) => {
    sendError(res, 500, 'CMN-203', 'Internal Server Error');
    return true;
  },
  bad_gateway_html: ({ res }) => {
    const page = '<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>';
    res.status(502).type('html').send(page);
    return true;
  },
  cut_json: ({ res }) => {
    res.status(200).set('Content-Type', json).end('{"access_token":"U0pDMTFQMDFQQVMwMHxBQUJf","token_ty');
    return true;
  },
  empty_body: ({ res }) => {
    res.status(200).set('Content-Type', json).end();
    return true;
  },
  not_json: ({ res }) => {
    res.status(200).type('text').end('OK');
    return true;
  },
  huge_body: async ({ res, parameters: { bytes = 100 * 1024 * 1024 } }) => {
    res.status(200).set('Content-Type', json).write('{"access_token":"');
    await stream(res, bytes, Buffer.alloc(64 * 1024, 'A'));
    return true;
  },
  slow_drip: async ({ res, parameters: { delayMs = 1000, bytes = 3600 } }) => {
    res.status(200).set('Content-Type', json);
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
    req.socket.resetAndDestroy();
    return true;
  },
  connection_cut: ({ req, res }) => {
    res.status(200).set({ 'Content-Type': json, 'Content-Length': '4096' });
    res.write('{"access_token":"U0pD');
    setTimeout(() => req.socket.destroy(), 5);
    return true;
  },
  redirect: ({ res, parameters: { location = 'http://redirected.example/' } }) => {
    res.redirect(302, location);
    return true;
  },
} satisfies Record<string, (play: Play) => boolean | Promise<boolean>>;

export type FaultKind = keyof typeof table;
export const faultKinds = Object.keys(table) as FaultKind[];

export type FaultInput = FaultParameters & {
  kind: FaultKind;
  /** prefix of the path; default every RingCentral path */
  path?: string | undefined;
  method?: string | undefined;
  /** how many requests; without it until cleared */
  count?: number | undefined;
};
export type Fault = FaultInput & { id: number; path: string; played: number };

/** Switches that make chosen requests go wrong. The oldest switch that fits a request is played. */
export class Faults {
  private readonly on: Fault[] = [];
  private last = 0;
  private readonly listeners = new WeakMap<Response, (seconds: number) => void>();

  add(input: FaultInput): Fault {
    const fault = { ...input, path: input.path ?? '/restapi', id: ++this.last, played: 0 };
    this.on.push(fault);
    return fault;
  }

  list(): Fault[] {
    return [...this.on];
  }

  /** @param id without it: all of them */
  clear(id?: number): void {
    if (id === undefined) this.on.length = 0;
    const index = this.on.findIndex((fault) => fault.id === id);
    if (index >= 0) this.on.splice(index, 1);
  }

  /** Called with the seconds of a forced 429, so that the limits know of the penalty it announces. */
  onForced429(res: Response, listener: (seconds: number) => void): void {
    this.listeners.set(res, listener);
  }

  middleware(): RequestHandler {
    return async (req, res, next) => {
      const path = req.originalUrl;
      const fault = this.on.find(
        (one) => path.startsWith(one.path) && (one.method ?? req.method).toUpperCase() === req.method,
      );
      if (!fault) {
        next();
        return;
      }
      fault.played += 1;
      if (fault.count !== undefined && fault.played >= fault.count) this.clear(fault.id);
      const forced429 = this.listeners.get(res) ?? (() => undefined);
      const play: (play: Play) => boolean | Promise<boolean> = table[fault.kind];
      if (!(await play({ req, res, parameters: fault, forced429 }))) next();
    };
  }
}
