import type { Response } from 'express';
import { waitText } from './form-page.js';

/** Answers 429 and tells programs when to try again (RFC 9110 §10.2.3). */
export function answerTooMany(res: Response, until: Date, now: Date): void {
  const seconds = Math.max(1, Math.ceil((until.getTime() - now.getTime()) / 1000));
  res.status(429).set('Retry-After', String(seconds));
}

/** The same, with the sentence for the page. */
export function tooManyTries(res: Response, until: Date, now: Date): { wait: string } {
  answerTooMany(res, until, now);
  return { wait: waitText(res.locals.t, until, now) };
}

/** Sets the status for a problem that a person can correct, and returns the problem. */
export function refused<T>(res: Response, problem: T): T {
  res.status(422);
  return problem;
}
