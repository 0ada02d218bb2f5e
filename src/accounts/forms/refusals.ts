import type { Response } from 'express';
import type { Texts } from '../../texts/texts.js';
import { waitText } from './form-page.js';

/** Shows on the page when to try again, and sets `Retry-After` for programs (RFC 9110 §10.2.3). */
export function tooManyTries(res: Response, t: Texts, until: Date, now: Date): { wait: string } {
  const seconds = Math.max(1, Math.ceil((until.getTime() - now.getTime()) / 1000));
  res.status(429).set('Retry-After', String(seconds));
  return { wait: waitText(t, until, now) };
}
