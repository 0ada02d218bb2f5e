import type { Response } from 'express';
import type { Session } from '../world/sessions.js';

/**
 * What is known about a request while it is answered. Stored beside the response; the log reads it when the response
 * ends.
 */
export type CallContext = {
  /** milliseconds; limits count from this time, which is before any artificial delay */
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
  if (!context) throw new Error('a request reached a handler before its arrival was recorded');
  return context;
}

export const noteErrorCode = (res: Response, code: string | null) => {
  const context = contexts.get(res);
  if (context && code !== null) context.errorCode = code;
};
