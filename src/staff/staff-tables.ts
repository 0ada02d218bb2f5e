import type { ShownTime } from '../platform/http/view-helpers.js';

/** A cell of partials/table. */
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
