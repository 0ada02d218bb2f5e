const statuses = {
  not_found: 404,
  bad_request: 400,
  forbidden: 403,
  role_needed: 403, // the person's role in the clinic does not allow it
  form_expired: 403, // the CSRF token belongs to another session
  session_ended: 403, // the same, and the person is no longer signed in
  too_large: 413,
  unsupported_media_type: 415,
  method_not_allowed: 405,
  conflict: 409,
  too_many_requests: 429,
  unavailable: 503,
  internal: 500,
} as const;

/** Stable: pages, tests and logs match on these codes. */
export type ErrorCode = keyof typeof statuses;

/** The least role that may do it, and the names of those who may give it. */
export type RoleNeeded = { needed: 'owner' | 'member' | 'viewer'; owners: string[] };

/**
 * A problem that a person cannot correct in a form. Contains no typed values, except fields in `typed`, which are not
 * secret.
 */
export class PortalError extends Error {
  constructor(
    readonly code: ErrorCode,
    readonly details: { cause?: unknown; retryAt?: Date; typed?: Record<string, string>; role?: RoleNeeded } = {},
  ) {
    super(code, details.cause === undefined ? {} : { cause: details.cause });
    this.name = 'PortalError';
  }
  get status() {
    return statuses[this.code];
  }
}
