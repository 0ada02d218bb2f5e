const specs = {
  not_found: { status: 404 },
  bad_request: { status: 400 },
  forbidden: { status: 403 },
  form_expired: { status: 403 }, // the CSRF token belongs to another session
  session_ended: { status: 403 }, // the same, and the person is no longer signed in
  too_large: { status: 413 },
  unsupported_media_type: { status: 415 },
  method_not_allowed: { status: 405 },
  conflict: { status: 409 },
  too_many_requests: { status: 429 },
  unavailable: { status: 503 },
  internal: { status: 500 },
} as const;

/** Stable: pages, tests and logs match on these codes. */
export type ErrorCode = keyof typeof specs;

/**
 * A problem that a person cannot correct in a form. Contains no typed values, except fields in `typed`, which are not
 * secret.
 */
export class PortalError extends Error {
  constructor(
    readonly code: ErrorCode,
    readonly details: { cause?: unknown; retryAt?: Date; typed?: Record<string, string> } = {},
  ) {
    super(code, details.cause === undefined ? {} : { cause: details.cause });
    this.name = 'PortalError';
  }
  get status(): number {
    return specs[this.code].status;
  }
}
