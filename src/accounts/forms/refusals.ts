import type { Response } from 'express';
import { retryAfter } from '../../platform/http/answers.js';
import { waitText } from './form-page.js';

/** Answers 429, with the sentence for the page. */
export function tooManyTries(res: Response, until: Date, now: Date): { wait: string } {
  retryAfter(res.status(429), until, now);
  return { wait: waitText(res.locals.t, until, now) };
}

/** Sets the status for a problem that a person can correct, and returns the problem. */
export function refused<T>(res: Response, problem: T): T {
  res.status(422);
  return problem;
}
