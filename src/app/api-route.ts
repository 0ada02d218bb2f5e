import type { ZodType } from 'zod';

export type ApiMethod = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** Who calls: by which key, what it may do, and for which tenant; null for every tenant. */
export type ApiCaller = { keyId: string; scopes: readonly string[]; tenantId: string | null };

export type ApiRequest = {
  caller: ApiCaller;
  params: Readonly<Record<string, string>>;
  query: unknown;
  /** As the request schema read it; undefined where the route has none. */
  body: unknown;
  requestId: string;
};

export type ApiAnswer = { status?: number; headers?: Record<string, string>; body?: unknown };

/** One call of the API. A handler throws a `Problem` for what is not an answer. */
export type ApiRoute = {
  method: ApiMethod;
  /** Below `/api/v1`, with parameters as OpenAPI writes them: `/tenants/{tenant}`. */
  path: string;
  scope: string;
  request?: ZodType;
  response?: ZodType;
  handler: (request: ApiRequest) => Promise<ApiAnswer>;
};
