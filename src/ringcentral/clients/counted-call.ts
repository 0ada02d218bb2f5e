import type { Answer, Failure, GuardedCall } from './guarded-call.js';

/** The calls of RingCentral, by the ends of their paths. Any other is `another`. */
const callPaths = [
  ['token', /\/oauth\/token$/],
  ['revocation', /\/oauth\/revoke$/],
  ['identity', /\/extension\/~$/],
  ['account', /\/accounts\/~$/],
  ['extensions', /\/extension$/],
  ['message_store', /\/message-store$/],
] as const;

export type CallName = (typeof callPaths)[number][0] | 'another';
/** `refused`: a 4xx; `unavailable`: a 5xx; `failed`: no answer that could be read. */
export type CallOutcome = 'ok' | 'refused' | 'rate_limited' | 'unavailable' | 'failed';
export type OnCall = (call: CallName, outcome: CallOutcome) => void;

/** The same call, and each request that it sends is reported by name and outcome, without an id. */
export const countedCall =
  (call: GuardedCall['call'], onCall: OnCall): GuardedCall['call'] =>
  async (request) => {
    const answer = await call(request);
    onCall(nameOf(request.url), outcomeOf(answer));
    return answer;
  };

const nameOf = (url: string): CallName => {
  const path = URL.canParse(url) ? new URL(url).pathname : '';
  return callPaths.find(([, pattern]) => pattern.test(path))?.[0] ?? 'another';
};

function outcomeOf(answer: Answer | Failure): CallOutcome {
  if (answer.kind === 'failure') return 'failed';
  if (answer.status === 429) return 'rate_limited';
  if (answer.status >= 500) return 'unavailable';
  return answer.status >= 200 && answer.status < 300 ? 'ok' : 'refused';
}
