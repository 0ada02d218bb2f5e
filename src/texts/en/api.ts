/** What the page of a cause says. */
export type ProblemText = { title: string; what: string; who: string; job: string };

/** Keeps the keys exact. */
const all = <Cause extends string>(texts: Record<Cause, ProblemText>) => texts;

const program = 'The people who write the program that calls.';
const administrator = 'An administrator of this portal.';
const noOne = 'No one. It resolves without action.';
const fix = 'Do not repeat the call unchanged. Report the answer to the people who write the program.';
const askKey = 'Stop, and report it. Every other call with this key fails too.';
const wait = 'Wait until `retry_at`, or for as many seconds as `Retry-After` says, and repeat the call.';

/** For programs and for the people who write them. */
export const api = {
  page: {
    title: 'The API',
    intro: (url: string) => [
      `All calls are below ${url}/api/v1. A program sends its API key in the header field Authorization, after the word Bearer. Staff create keys in the portal.`,
      'Bodies and answers are JSON. Ids are texts. Times are RFC 3339 in UTC. An unknown member or parameter, or one that is sent twice, is rejected.',
      'A path names a clinic by its id, or by “ref:” and your own reference, percent-encoded. A clinic that the key is not for answers like one that does not exist.',
      'A failed call answers application/problem+json (RFC 9457). Its member “cause” is a stable code. Its “type” is the address of a page that explains the code, who can fix it, and what to do.',
      'Each key has its own limits for token calls, reads and writes in a minute. RateLimit-Policy and RateLimit say how much is left.',
    ],
    document: 'The same as an OpenAPI 3.1 document',
    contents: 'Calls',
    parameters: 'Parameters',
    body: 'Body',
    answer: 'Answer',
    problems: 'Problems of this call',
    shared: {
      heading: 'Problems of all calls',
      lead: 'Every call can fail with these, as far as they apply to it. A call without a body cannot fail because of its body.',
    },
    sameAnswer: (summary: string) => `The answer has the same members as that of “${summary}”.`,
    example: (language: string) => `Example: ${language}`,
    columns: { name: 'Name', type: 'Type', needed: 'Needed', meaning: 'Meaning', cause: 'Cause', status: 'Status' },
    required: 'Required',
    optional: 'Optional',
    answers: (status: string) => `Answers ${status}.`,
    /** By operation id; a call without a text has the summary of the document. */
    summaries: {} as Record<string, string>,
  },
  errorPage: {
    what: 'What it means',
    who: 'Who can fix it',
    job: 'What a job should do',
    back: 'The API',
    owners: {
      tenant: 'The clinic. The answer may have a “reconnect_url”: send it to the people of the clinic.',
      isv: (isv: string) => `${isv}.`,
      ringcentral: 'RingCentral.',
      nobody: noOne,
    },
    jobWaits: wait,
    jobGoesOn: 'Continue as usual. The connection works, and jobs get tokens.',
    jobStops:
      'Skip this clinic and continue with the others. Ask again only after the connection has changed, or at the next run.',
  },
  problems: all({
    bad_request: {
      title: 'The request cannot be read',
      what: 'It is not an HTTP request that this call accepts, such as a GET with a body.',
      who: program,
      job: fix,
    },
    invalid_json: {
      title: 'The body is not JSON',
      what: 'The body is cut off, is not JSON, or is not in UTF-8.',
      who: program,
      job: fix,
    },
    invalid_query: {
      title: 'A parameter is wrong',
      what: 'A query parameter is unknown, appears twice, or has a value that this call does not accept. “errors” names it.',
      who: program,
      job: fix,
    },
    invalid_body: {
      title: 'The body is not what the call expects',
      what: 'A member is missing, unknown or repeated, or has a value that this call does not accept. “errors” names it.',
      who: program,
      job: fix,
    },
    invalid_idempotency_key: {
      title: 'The Idempotency-Key is wrong',
      what: 'It must have 1 to 255 visible ASCII characters.',
      who: program,
      job: fix,
    },
    idempotency_key_reused: {
      title: 'The Idempotency-Key was used for something else',
      what: 'In the last 24 hours, the same key was sent to this call with another body.',
      who: program,
      job: 'Use another Idempotency-Key for another request.',
    },
    idempotency_key_in_use: {
      title: 'The same request is still running',
      what: 'Another request with this Idempotency-Key has not been answered yet.',
      who: noOne,
      job: wait,
    },
    key_refused: {
      title: 'The API key is not accepted',
      what: 'There is no API key in the request, or it is unknown, damaged, revoked or expired. The portal does not say which.',
      who: administrator,
      job: askKey,
    },
    scope_not_granted: {
      title: 'The API key is not allowed to do this',
      what: 'The key does not have the scope that this call needs.',
      who: administrator,
      job: 'Do not repeat the call. Ask for a key with the scope.',
    },
    all_tenants_required: {
      title: 'Only a key for every clinic can do this',
      what: 'A key for some clinics can neither add a clinic nor change the reference of one.',
      who: administrator,
      job: 'Do not repeat the call. Use a key for every clinic.',
    },
    not_found: {
      title: 'Not found',
      what: 'The path does not exist, or the clinic does not, or the key is not for that clinic. All three look the same.',
      who: program,
      job: 'Skip this clinic, and report it.',
    },
    method_not_allowed: {
      title: 'The path has no such method',
      what: 'The header field Allow names the methods of this path.',
      who: program,
      job: fix,
    },
    conflict: {
      title: 'The call does not fit the state of the clinic',
      what: 'Something changed while the call was running.',
      who: program,
      job: 'Read the clinic again before you repeat the call.',
    },
    gone: {
      title: 'The resource is gone',
      what: 'It existed, but the portal no longer has it.',
      who: program,
      job: fix,
    },
    feed_restarted: {
      title: 'The events start again at an earlier number',
      what: 'The portal has given no event such a high number yet. Its database is probably a backup from before that event.',
      who: program,
      job: 'Read the list of clinics. Then ask for the events without “after”, and continue with “next_after”.',
    },
    events_expired: {
      title: 'Events after this number were deleted',
      what: 'The portal keeps events for a limited time. Some events after this number are older and were deleted.',
      who: program,
      job: 'Read the list of clinics. Then ask for the events without “after”, and continue with “next_after”.',
    },
    newer_report_kept: {
      title: 'The portal already has the report of a later run',
      what: 'The portal has a report of this clinic whose “completed_at” is later. It keeps that one.',
      who: noOne,
      job: "Continue. You don't need to do anything. If it happens often, two programs fetch the faxes of one clinic, or a clock is wrong.",
    },
    not_connected: {
      title: 'The clinic is not connected',
      what: 'It has no credential in use. It has not given one, its first one is not confirmed yet, or it has disconnected.',
      who: 'The clinic: its people follow the guide in the portal.',
      job: 'Skip this clinic and continue with the others.',
    },
    external_ref_in_use: {
      title: 'Another clinic has this reference',
      what: 'The external_ref of a clinic is unique.',
      who: program,
      job: 'If you added the clinic earlier, continue with “ref:” and its reference.',
    },
    already_member: {
      title: 'The person belongs to the clinic already',
      what: 'The address is that of a person who has accepted an invitation.',
      who: noOne,
      job: "Continue. You don't need to do anything.",
    },
    already_invited: {
      title: 'The person has an invitation already',
      what: 'An invitation to this address has not been accepted yet and still works.',
      who: 'The person who was invited.',
      job: 'Continue. The portal reminds the person.',
    },
    scope_not_requested: {
      title: 'The portal does not ask for this scope',
      what: 'The call names a scope that the portal does not request for its tokens.',
      who: program,
      job: fix,
    },
    other_scope_in_use: {
      title: 'Another set of scopes is in use',
      what: 'A token of this clinic with other scopes is in use. Each set would be another RingCentral session.',
      who: program,
      job: wait,
    },
    auth_budget: {
      title: 'RingCentral limits how often we can ask',
      what: 'The request for a token is waiting in line for RingCentral.',
      who: noOne,
      job: wait,
    },
    session_limit: {
      title: 'All RingCentral sessions are in use',
      what: 'One more would end a session that a job uses.',
      who: noOne,
      job: wait,
    },
    refusal_unconfirmed: {
      title: 'RingCentral rejected it once',
      what: 'The portal asks again to make sure.',
      who: noOne,
      job: wait,
    },
    token_pending: {
      title: 'The token is not ready yet',
      what: 'It took longer than a request can wait, or a new one would end the token that other jobs use.',
      who: noOne,
      job: wait,
    },
    audit_unavailable: {
      title: 'The use could not be recorded',
      what: "The portal issues no token unless its use is recorded in the clinic's activity.",
      who: 'The operators of this portal.',
      job: wait,
    },
    content_too_large: {
      title: 'The body is too large',
      what: 'A body has at most 64 KiB.',
      who: program,
      job: fix,
    },
    unsupported_media_type: {
      title: 'The body has the wrong type',
      what: 'A body must be application/json in UTF-8, and not compressed.',
      who: program,
      job: fix,
    },
    quota_exceeded: {
      title: 'The key has made too many calls',
      what: 'Each API key has a limit for token calls, reads and writes in a minute. RateLimit-Policy says how many.',
      who: noOne,
      job: wait,
    },
    check_limit_reached: {
      title: 'The clinic was checked too often',
      what: 'Programs can ask for five checks of a clinic in ten minutes.',
      who: noOne,
      job: wait,
    },
    invitation_limit_reached: {
      title: 'Too many invitations',
      what: 'A clinic may send 20 invitations in 24 hours, and 3 to one address.',
      who: noOne,
      job: wait,
    },
    internal_error: {
      title: 'The portal failed',
      what: 'Something went wrong here, not in your program. The log of the portal has the id in “instance”.',
      who: 'The operators of this portal.',
      job: 'Repeat the call once after a minute. If it fails again, report it with the id.',
    },
    unavailable: {
      title: 'The portal cannot answer now',
      what: 'A part that the call needs is busy or cannot be reached.',
      who: noOne,
      job: wait,
    },
  }),
};
