import type { ApiRoute } from '../app/capability.js';
import { problemStatuses, type ProblemStatus } from '../app/problem.js';

type Causes = Partial<Record<ProblemStatus, readonly string[]>>;

const ofAll: Causes = {
  400: ['invalid_query'],
  401: ['key_refused'],
  403: ['scope_not_granted'],
  429: ['quota_exceeded'],
  500: ['internal_error'],
  503: ['unavailable'],
};
const withBody: Causes = {
  400: ['invalid_json'],
  413: ['content_too_large'],
  415: ['unsupported_media_type'],
  422: ['invalid_body'],
};

/** With what a call may fail: statuses in order, and the causes of each. */
export function problemsOf({ method, path, idempotent, problems = {} }: ApiRoute): [ProblemStatus, string[]][] {
  const sources: Causes[] = [
    ofAll,
    method === 'get' ? { 400: ['bad_request'] } : withBody,
    path.includes('{tenant}') ? { 404: ['not_found'] } : {},
    idempotent ? { 400: ['invalid_idempotency_key'] } : {},
    problems,
  ];
  const statuses = Object.keys(problemStatuses).map(Number) as ProblemStatus[];
  return statuses
    .map((status): [ProblemStatus, string[]] => [
      status,
      [...new Set(sources.flatMap((causes) => causes[status] ?? []))],
    ])
    .filter(([, causes]) => causes.length > 0);
}
