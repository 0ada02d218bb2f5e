import type { Response } from 'express';
import type { Session } from '../world/sessions.js';

/** What is known of one request while it is answered; kept beside the response, read by the log when it ends. */
export type CallContext = {
  /** milliseconds; limits are counted from here, not from when an artificial delay is over */
  arrivedAt: number;
  requestId: string;
  clientId?: string;
  grantType?: string;
  session?: Session;
  errorCode?: string;
  assertionSha256?: string;
  violation?: 'over_budget' | 'in_penalty';
};

const contexts = new WeakMap<Response, CallContext>();

export const openContext = (res: Response, context: CallContext) => contexts.set(res, context);

export function contextOf(res: Response): CallContext {
  const context = contexts.get(res);
  if (!context) throw new Error('a request reached a handler before it was noted as arrived');
  return context;
}

export const noteErrorCode = (res: Response, code: string | null) => {
  const context = contexts.get(res);
  if (context && code !== null) context.errorCode = code;
};
