import type { Request, RequestHandler, Response } from 'express';
import { callOf, type CallName } from './calls.js';
import { playFault, type FaultKind, type FaultParameters } from './fault-kinds.js';

export type FaultInput = FaultParameters & {
  kind: FaultKind;
  /** only this call */
  call?: CallName | undefined;
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

  constructor(private readonly now: () => Date) {}

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
      const fault = this.on.find((one) => fits(one, req));
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

function fits(fault: Fault, req: Request): boolean {
  const [path = ''] = req.originalUrl.split('?');
  return (
    req.originalUrl.startsWith(fault.path) &&
    (fault.method ?? req.method).toUpperCase() === req.method &&
    (fault.call === undefined || fault.call === callOf(req.method, path))
  );
}
