import type { RequestHandler, Router } from 'express';
import type { output, ZodType } from 'zod';
import type { AuditAct, Origin } from '../audit/audit-events.js';
import type { Gauges } from '../metrics/metrics.js';
import type { Holding, Unowned } from '../platform/database/held-rows.js';
import type { Wake } from '../platform/loop.js';
import type { Deliver } from '../platform/outbox.js';
import type { KeyRing, Opener, Sealer } from '../platform/sealing/sealing.js';
import type { RingCentralClient } from '../ringcentral/clients/ringcentral-types.js';
import type { CliCommand, CommandRun } from './cli-command.js';
import type { Needs } from './clinic-roles.js';
import type { ProblemStatus } from './problem.js';

/** What only the role `web` has. */
export type WebRole = {
  /** The first signs; all verify. */
  sessionSecrets: readonly string[];
  /** The first is used for what is new, all for what exists. */
  accountsKeys: readonly Buffer[];
  /** By the accounts keys. */
  accountsSealing: KeyRing;
};

/** What only a process has that opens secrets, in the role `api` or `worker`. */
export type SecretsRole = {
  opener: Sealer & Opener & { kids: readonly string[] };
  /** By the symmetric key, for what lives for an hour. */
  tokenSealing: Sealer & Opener;
  ringcentral: RingCentralClient;
};
export type WorkerRole = SecretsRole;

/**
 * Who may reach a router. `pages-app.ts` adds the guard, so a router cannot forget it; a public router must say so.
 *
 * - `public`: everyone. - `member`: signed-in members of the tenant in the path; others get a 404. A member whose role
 *   is not enough for the route gets a 403 that says who may do it.
 * - `staff`: signed-in staff with a second factor; others get a 404 (or the sign-in page).
 * - `hand_off`: visitors of the hand-off link in the path, while the visit lasts; others get a 404.
 * - `signed_in`: any signed-in person, with a second factor if one is required.
 */
export type Access = 'public' | 'signed_in' | 'member' | 'hand_off' | 'staff';

/**
 * One entry of the portal's route map. Paths of `member` mounts contain `:tenantId`, those of `hand_off` mounts
 * `:handOffId`. `needs`: the least role for each route of the router; a route that it does not name is not reached.
 */
export type Mount = { path: string; router: Router } & (
  { access: Exclude<Access, 'member'>; needs?: never } | { access: 'member'; needs: Needs }
);

/** What a capability adds to the pages. */
export type Pages = {
  /** Path, who may reach it, router. */
  mounts?: Mount[];
  /** What programs post to with nothing but a link: in front of session, CSRF and body parser. */
  beforeSession?: { path: string; router: Router }[];
  /** Paths of forms with a file: `platform/uploads`. All others accept no file. */
  uploads?: string[];
  /** Who is signed in, and what follows from it: in front of every mount of every capability. */
  session?: RequestHandler[];
  /** Runs before each mount of an access. */
  guards?: Partial<Record<Exclude<Access, 'public'>, RequestHandler[]>>;
};

/** Who calls: by which key, what the key is for, what it may do, and for which tenants; null for every tenant. */
export type ApiCaller = {
  keyId: string;
  name: string;
  purpose: string;
  scopes: readonly string[];
  tenantIds: readonly string[] | null;
};

export type ApiRequest<Query = unknown, Body = unknown> = {
  caller: ApiCaller;
  /** `tenant` is the id of a tenant that exists and that the caller may see, however the path names it. */
  params: Readonly<Record<string, string>>;
  /** As the query schema read it. */
  query: Query;
  /** As the request schema read it. */
  body: Body;
  requestId: string;
  /** For the audit. */
  origin: Origin;
  /** The header of this name, for a call that honors it. */
  idempotencyKey?: string | undefined;
};

export type ApiAnswer = {
  headers?: Record<string, string>;
  body?: unknown;
  /** The JSON text of the body instead, for a call whose bytes must not change. The schema only describes it. */
  text?: string;
};

/** One call of the API, with everything that its description says. A handler throws a `Problem` for any failure. */
export type ApiRoute = {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Below `/api/v1`, with parameters as OpenAPI writes them: `/tenants/{tenant}`. */
  path: string;
  scope: string;
  /** What the call does, in a few words. */
  summary: string;
  /** Default: no parameters. */
  query?: ZodType;
  /** A missing body is read as an empty object. Default: no members. */
  request?: ZodType;
  /** Without it the answer has no body. */
  response?: ZodType;
  /** Whether `Idempotency-Key` is honored; the handler does it. */
  idempotent?: true;
  /** Whether the tenant in the path may have left; to other calls there is no such tenant. */
  alsoLeft?: true;
  /** Which of the limits of a key counts the call; default: by the method. */
  limit?: 'tokens';
  /** The status of the answer; default: 200. */
  responseStatus?: 200 | 201 | 202 | 204;
  /** The causes that this call fails with, by status, besides those that every call may fail with. */
  problems?: Partial<Record<ProblemStatus, readonly string[]>>;
  handler: (request: ApiRequest) => Promise<ApiAnswer>;
};

/** A call whose handler gets query and body in the types of their schemas. */
export const apiRoute = <Query extends ZodType, Body extends ZodType>(
  route: Omit<ApiRoute, 'query' | 'request' | 'handler'> & {
    query?: Query;
    request?: Body;
    handler: (request: ApiRequest<output<Query>, output<Body>>) => Promise<ApiAnswer>;
  },
): ApiRoute => route as ApiRoute;

/** Work that the worker repeats. */
export type WorkerLoop = {
  name: string;
  everyMs: number | (() => number);
  round: () => Promise<unknown>;
  /** Something is due at once. */
  wokenBy?: Wake;
  /** Resolves when all work that the rounds started is done. */
  idle?: () => Promise<void>;
};

/** What to do; null where all is well; `unproved`: why this process cannot prove that. */
export type Advice = string | { unproved: string } | null;

/** One question of `latchkey doctor`. */
export type DoctorCheck = {
  subject: string;
  advice: () => Promise<Advice>;
  /** What to say where all is well. */
  detail?: () => Promise<string>;
  /** `/readyz` asks it too. */
  decidesReadiness?: true;
};

/** What can be said of a capability without a configuration. */
export type Declaration = {
  /** `latchkey <command>`. */
  commands?: readonly CliCommand[];
  /** What it writes to the audit. */
  audit?: readonly AuditAct[];
  /** What its tables hold of clinics and people. Later capabilities may refer to rows of earlier ones. */
  holds?: readonly (Holding | Unowned)[];
};

/** What a capability adds to the portal. Dependencies that only one role has are passed as that role's argument. */
export type Capability = {
  /** Runs once, before the process listens. @returns why it must not start, or null */
  begin?: () => Promise<string | null>;
  pages?: (web: WebRole) => Pages | Promise<Pages>;
  api?: (api: SecretsRole) => ApiRoute[];
  loops?: (worker: WorkerRole) => WorkerLoop[];
  /** By the kind of the outbox. */
  deliveries?: (worker: WorkerRole) => Record<string, Deliver>;
  /** What the worker does once a minute: deletes what is overdue, and writes down what only time has changed. */
  housekeeping?: (worker: WorkerRole) => (() => Promise<unknown>)[];
  /** `secrets` is null in a process that opens none. */
  checks?: (secrets: SecretsRole | null) => DoctorCheck[];
  /** What `/metrics` reads from the database at each scrape. */
  gauges?: () => Gauges;
  /** What runs the declared commands that need an installation, by name. */
  runs?: Record<string, CommandRun>;
};

/** One value for each role, however many capabilities ask for it. */
export function perRole<Role extends object, T>(make: (role: Role) => T): (role: Role) => T {
  const made = new WeakMap<Role, { value: T }>();
  return (role) => {
    const kept = made.get(role) ?? { value: make(role) };
    made.set(role, kept);
    return kept.value;
  };
}
