import type { RequestHandler, Response } from 'express';
import { networkOf } from '../platform/addresses.js';
import type { Knex } from '../platform/database/database.js';
import type { Logger } from '../platform/log.js';
import type { World } from '../platform/world.js';
import { actorOf, type Actor, type AuditAction, type AuditEvent, type Origin } from './audit-events.js';
import { auditStore } from './audit-store.js';

/** Why a request was refused. `tenantId`: the tenant that it was aimed at. */
export type Refusal = Pick<AuditEvent, 'action' | 'tenantId' | 'target' | 'detail'>;

declare global {
  namespace Express {
    interface Locals {
      /** Set by the code that refuses; the audit row is written before the answer ends. */
      refusal?: Refusal;
    }
  }
}

const WINDOW_MS = 10 * 60_000;
/** Rows of one action in a window and a process. A flood must not bury the rows of everything else (SEC-62). */
const MOST_ROWS = 100;
/** From one network to one tenant, so that made-up addresses of pages do not use up the rows that name a real tenant. */
const MOST_FROM_NETWORK = 5;

type Deps = { db: Knex; world: Pick<World, 'now' | 'newId'>; log: Logger };

/** A refused request: who made it, from where, and the pattern of its route, never its path: links contain tokens. */
type Refused = { refusal: Refusal; actor: Actor; origin: Origin; route: string | undefined };

/** @returns undefined if the row is left out; otherwise resolves when it is written, or when the log has the failure */
export type NoteRefusal = (refused: Refused) => Promise<void> | undefined;

/** Writes an audit row for each refused request, up to the limits above; the next row says how many were left out. */
export function refusalNotes({ db, world, log }: Deps): NoteRefusal {
  const ration = rationing();
  return ({ refusal, actor, origin, route }) => {
    const key = actor.kind === 'api_key' ? actor.id : '';
    const left = ration(refusal.action, `${networkOf(origin.ip)} ${key} ${refusal.tenantId ?? ''}`, world.now());
    if (left === undefined) return undefined;
    const detail = {
      ...refusal.detail,
      ...(route === undefined ? {} : { route }),
      ...(left > 0 ? { left_out: left } : {}),
    };
    return auditStore(db, world)
      .append({ ...refusal, actor, outcome: 'refused', detail, origin })
      .catch((error: unknown) => {
        log.error({ err: error, ...origin }, 'a refused request left no audit row');
      });
  };
}

/**
 * Notes each refused request of a page that sets `res.locals.refusal` or answers 429. Mount it before the session, so
 * that a refused request waits for its row. If the row cannot be written, the request is still answered.
 */
export function refusedRequests(deps: Deps): RequestHandler {
  const note = refusalNotes(deps);
  return (req, res, next) => {
    const origin = { ip: req.ip, requestId: res.locals.requestId };
    const end = res.end.bind(res) as (...args: unknown[]) => Response;
    res.end = ((...args: unknown[]) => {
      res.end = end as typeof res.end;
      const refusal = res.locals.refusal ?? (res.statusCode === 429 ? throttled(res) : undefined);
      const { mount } = res.locals;
      const route = mount === undefined ? undefined : `${req.method} ${mount}`;
      const noted = refusal && note({ refusal, actor: requesterOf(res), origin, route });
      if (!noted) return end(...args);
      void noted.finally(() => end(...args));
      return res;
    }) as typeof res.end;
    next();
  };
}

const throttled = ({ locals }: Response): Refusal => ({ action: 'request.throttled', tenantId: locals.tenant?.id });

function requesterOf({ locals: { person, journey } }: Response): Actor {
  if (journey) return actorOf(journey.by);
  return person ? { kind: 'person', id: person.id } : { kind: 'nobody' };
}

type Window = { until: number; rows: number; ofSource: Map<string, number>; leftOut: number };

/**
 * `source`: the network, the API key, and the tenant that was aimed at.
 *
 * @returns how many rows were left out since the last one; undefined if this one is left out too
 */
function rationing(): (action: AuditAction, source: string, now: Date) => number | undefined {
  const windows = new Map<AuditAction, Window>();
  return (action, source, now) => {
    const at = now.getTime();
    const last = windows.get(action);
    const window =
      last && at < last.until
        ? last
        : { until: at + WINDOW_MS, rows: 0, ofSource: new Map<string, number>(), leftOut: last?.leftOut ?? 0 };
    windows.set(action, window);
    const fromSource = window.ofSource.get(source) ?? 0;
    if (window.rows >= MOST_ROWS || fromSource >= MOST_FROM_NETWORK) {
      window.leftOut += 1;
      return undefined;
    }
    window.rows += 1;
    window.ofSource.set(source, fromSource + 1);
    const { leftOut } = window;
    window.leftOut = 0;
    return leftOut;
  };
}
