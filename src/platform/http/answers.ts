import type { Response } from 'express';

/** A handler returns this to show that it has answered. */
export type Answered = 'answered';

/**
 * 303 (RFC 9110 §15.4.4), to a page that can be reloaded and bookmarked. It has no body: with a body, express-session
 * would send the head before it has saved, and a browser that follows at once would get a session without the new
 * data.
 */
export function seeOther(res: Response, path: string): Answered {
  // eslint-disable-next-line no-restricted-syntax -- this is seeOther
  res.status(303).location(path).end();
  return 'answered';
}

/** Tells programs when to try again (RFC 9110 §10.2.3); the page tells people. */
export const retryAfter = (res: Response, until: Date, now: Date): Response =>
  res.set('Retry-After', String(Math.max(1, Math.ceil((until.getTime() - now.getTime()) / 1000))));

/** Renders one view with its page object. */
export function showPage(res: Response, view: string, page: object): Answered {
  res.render(view, { page });
  return 'answered';
}
