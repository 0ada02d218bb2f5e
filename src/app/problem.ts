import type { Response } from 'express';
import { isUnavailable } from '../platform/database/database.js';
import { PortalError } from '../platform/errors.js';

const titles = {
  400: 'Bad request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'Conflict',
  413: 'Content too large',
  415: 'Unsupported media type',
  422: 'Unprocessable content',
  429: 'Too many requests',
  500: 'Internal server error',
  503: 'Service unavailable',
} as const;

export type ProblemStatus = keyof typeof titles;

/** What an API call fails with. */
export class Problem extends Error {
  constructor(readonly status: ProblemStatus) {
    super(titles[status]);
  }
}

/** Every error as a problem. An error that is not known is a 500 and says no more. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof PortalError) return new Problem(known(error.status));
  if (error instanceof URIError) return new Problem(404);
  if (isUnavailable(error)) return new Problem(503);
  const { type, status } = error as { type?: unknown; status?: unknown };
  // Errors of the body parser repeat the body; only their status is taken.
  if (typeof type === 'string' && typeof status === 'number' && status < 500) return new Problem(known(status));
  return new Problem(500);
}

const known = (status: number): ProblemStatus => (status in titles ? (status as ProblemStatus) : 400);

/** RFC 9457. The type is `about:blank` until there is a page for it; then the status says what it is. */
export function sendProblem(res: Response, { status, message }: Problem, requestId: string): void {
  if (status === 401) res.set('WWW-Authenticate', 'Bearer');
  res.status(status).type('application/problem+json');
  res.send(JSON.stringify({ type: 'about:blank', title: message, status, instance: `urn:uuid:${requestId}` }));
}
