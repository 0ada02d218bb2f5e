import type { Response } from 'express';
import { retryAfter } from '../platform/http/answers.js';
import { RETRY_AFTER_S } from '../platform/http/error-handler.js';

/** The statuses that an API call fails with, and the cause of each where the call names none. */
export const problemStatuses = {
  400: { title: 'Bad request', cause: 'bad_request' },
  401: { title: 'Unauthorized', cause: 'key_refused' },
  403: { title: 'Forbidden', cause: 'scope_not_granted' },
  404: { title: 'Not found', cause: 'not_found' },
  405: { title: 'Method not allowed', cause: 'method_not_allowed' },
  409: { title: 'Conflict', cause: 'conflict' },
  410: { title: 'Gone', cause: 'gone' },
  413: { title: 'Content too large', cause: 'content_too_large' },
  415: { title: 'Unsupported media type', cause: 'unsupported_media_type' },
  422: { title: 'Unprocessable content', cause: 'invalid_body' },
  429: { title: 'Too many requests', cause: 'quota_exceeded' },
  500: { title: 'Internal server error', cause: 'internal_error' },
  503: { title: 'Service unavailable', cause: 'unavailable' },
} as const;

export type ProblemStatus = keyof typeof problemStatuses;

/** One wrong member of a body or a query: where it is (RFC 6901), and a code. Contains nothing that was sent. */
export type MemberProblem = { pointer: string; code: string };

/** What a program may want to know of a failed call. Each member is optional. */
export type ProblemDetails = {
  /** A stable code, which has a page; default: that of the status. */
  cause?: string | undefined;
  /** Who can fix it. `nobody`: it resolves without action. */
  fixOwner?: 'tenant' | 'isv' | 'ringcentral' | 'nobody' | undefined;
  since?: Date | null | undefined;
  /** Where a person of the clinic fixes it. */
  reconnectUrl?: string | undefined;
  /** Whether the same call may succeed later without a change; default: for 429 and 503. */
  retryable?: boolean | undefined;
  /** Not before; default for 503: in a while. */
  retryAt?: Date | undefined;
  errors?: readonly MemberProblem[] | undefined;
};

/** What an API call fails with. */
export class Problem extends Error {
  constructor(
    readonly status: ProblemStatus,
    readonly details: ProblemDetails = {},
  ) {
    super(problemStatuses[status].title);
  }
}

export const causeOf = ({ status, details }: Problem): string => details.cause ?? problemStatuses[status].cause;

/** RFC 9457. The type is the page of the cause, the instance the id of the request. */
export function sendProblem(res: Response, problem: Problem, { publicUrl, now }: { publicUrl: string; now: Date }) {
  const { status, message: title, details } = problem;
  const { fixOwner, since, reconnectUrl, errors } = details;
  const cause = causeOf(problem);
  const { retryable = status === 429 || status === 503 } = details;
  const retryAt = details.retryAt ?? (status === 503 ? new Date(now.getTime() + RETRY_AFTER_S * 1000) : undefined);
  // Failures that are equal must be equal in every byte.
  if (status !== 429) for (const name of ['RateLimit', 'RateLimit-Policy']) res.removeHeader(name);
  if (status === 401) res.set('WWW-Authenticate', 'Bearer');
  if (retryAt) retryAfter(res, retryAt, now);
  const body = {
    type: `${publicUrl}/docs/errors/${cause}`,
    title,
    status,
    instance: `urn:uuid:${res.locals.requestId}`,
    cause,
    fix_owner: fixOwner,
    since: since?.toISOString(),
    reconnect_url: reconnectUrl,
    retryable,
    retry_at: retryAt?.toISOString(),
    errors,
  };
  res.status(status).type('application/problem+json').send(JSON.stringify(body));
}
