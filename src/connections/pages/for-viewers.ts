import type { connectionPage } from './connection-page.js';
import type { Fix, PageFacts } from './cause-page.js';

type Page = ReturnType<typeof connectionPage>;

const withoutButtons = (fix: Fix): Fix => ({ ...fix, paste: null, signIn: null, check: null });

/** The same page for a person who may only look: what happened and who must act, without what the person may not do. */
export function forViewers(page: Page, { t }: Pick<PageFacts, 't'>): Page {
  const { fix, replacement } = page;
  return {
    ...page,
    notes: [...page.notes, t.connections.viewer],
    signInUsed: null,
    start: null,
    fix: fix && withoutButtons(fix),
    ownerChange: page.ownerChange && { ...page.ownerChange, meant: null },
    replacement: replacement && { ...replacement, fix: replacement.fix && withoutButtons(replacement.fix) },
    retired: page.retired.map((one) => ({ ...one, steps: [], say: null })),
    checkNow: null,
    replace: null,
    // What came of a disconnection, with its receipt, is for everyone of the clinic.
    disconnection: page.badge.state === 'disconnected' ? page.disconnection : null,
  };
}
