import type { connectionPage } from './connection-page.js';
import type { Mend, PageFacts } from './cause-page.js';

type Page = ReturnType<typeof connectionPage>;

const withoutButtons = (mend: Mend): Mend => ({ ...mend, paste: null, signIn: null, check: null });

/** The same page for a person who may only look: what happened and who must act, without what the person may not do. */
export function forViewers(page: Page, { t }: Pick<PageFacts, 't'>): Page {
  const { mend, replacement } = page;
  return {
    ...page,
    notes: [...page.notes, t.connections.viewer],
    signInUsed: null,
    start: null,
    mend: mend && withoutButtons(mend),
    ownerChange: page.ownerChange && { ...page.ownerChange, meant: null },
    replacement: replacement && { ...replacement, mend: replacement.mend && withoutButtons(replacement.mend) },
    retired: page.retired.map((one) => ({ ...one, steps: [], say: null })),
    checkNow: null,
    replace: null,
    // What came of a disconnection, with its receipt, is for everyone of the clinic.
    disconnection: page.badge.state === 'disconnected' ? page.disconnection : null,
  };
}
