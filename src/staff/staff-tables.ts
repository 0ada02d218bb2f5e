import type { ShownTime } from '../platform/http/view-helpers.js';

/** What a cell of partials/table may be. */
export type Cell =
  | string
  | {
      badge?: { state: string; text: string };
      text?: string;
      href?: string;
      time?: ShownTime;
      note?: string;
      action?: { text: string; hidden: string } & ({ href: string } | { post: string });
    };
