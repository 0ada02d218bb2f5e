import type { Response } from 'express';

/** A handler returns it to show that it has answered, and goes no further. */
export type Answered = 'answered';

/** 303 (RFC 9110 §15.4.4), to a page that can be reloaded and bookmarked. */
export function seeOther(res: Response, path: string): Answered {
  res.redirect(303, path);
  return 'answered';
}

/** Renders one view with its page object. */
export function showPage(res: Response, view: string, page: object): Answered {
  res.render(view, { page });
  return 'answered';
}
