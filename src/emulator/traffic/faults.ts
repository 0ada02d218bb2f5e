import type { Request, RequestHandler, Response } from 'express';
import { contextOf } from './call-context.js';
import { callOf, type CallName } from './calls.js';
import { playFault, type FaultKind, type FaultParameters } from './fault-kinds.js';

export type FaultInput = FaultParameters & {
  kind: FaultKind;
  /** limits the fault to this call */
  call?: CallName | undefined;
  /** limits the fault to the token and revoke calls of this app */
  clientId?: string | undefined;
  /** path prefix; default: every RingCentral path */
  path?: string | undefined;
  method?: string | undefined;
  /** number of requests; without it, the fault lasts until it is cleared */
  count?: number | undefined;
};
export type Fault = FaultInput & { id: number; path: string; played: number };

/** Faults that make chosen requests fail. Of several that match a request, the oldest is played. */
export class Faults {
  private readonly on: Fault[] = [];
  private last = 0;
  private readonly listeners = new WeakMap<Response, (seconds: number) => void>();

  constructor(private readonly now: () => Date) {}

  add(input: FaultInput): Fault {
    const fault = { ...input, path: input.path ?? '/restapi', id: ++this.last, played: 0 };
    this.on.push(fault);
    return fault;
  }

  list(): Fault[] {
    return [...this.on];
  }

  /** @param id without it, all faults are cleared */
  clear(id?: number): void {
    if (id === undefined) this.on.length = 0;
    const index = this.on.findIndex((fault) => fault.id === id);
    if (index >= 0) this.on.splice(index, 1);
  }

  /** Calls the listener with the seconds of a forced 429, so that the rate limits start the same penalty. */
  onForced429(res: Response, listener: (seconds: number) => void): void {
    this.listeners.set(res, listener);
  }

  middleware(): RequestHandler {
    return async (req, res, next) => {
      const fault = this.on.find((one) => fits(one, req, res));
      if (!fault) {
        next();
        return;
      }
      fault.played += 1;
      if (fault.count !== undefined && fault.played >= fault.count) this.clear(fault.id);
      const forced429 = this.listeners.get(res) ?? (() => undefined);
      const play = { req, res, parameters: fault, now: this.now(), forced429 };
      if (!(await playFault(fault.kind, play))) next();
    };
  }
}

function fits(fault: Fault, req: Request, res: Response): boolean {
  const [path = ''] = req.originalUrl.split('?');
  return (
    req.originalUrl.startsWith(fault.path) &&
    (fault.method ?? req.method).toUpperCase() === req.method &&
    (fault.call === undefined || fault.call === callOf(req.method, path)) &&
    (fault.clientId === undefined || fault.clientId === contextOf(res).clientId)
  );
}
