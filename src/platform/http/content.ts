import type { ShownTime } from './view-helpers.js';

export type Link = { text: string; href: string };

/** The data of partials/action: a link, or a form with one button. `hidden` is only for screen readers. */
export type Action = { text: string; hidden?: string; fields?: Record<string, string> } & (
  { href: string } | { post: string }
);

/** The data of partials/content: what a cell of a table or a summary list holds. */
export type Cell =
  | string
  | {
      badge?: { state: string; text: string };
      text?: string;
      href?: string;
      time?: ShownTime;
      note?: string;
      list?: string[];
      action?: Action;
      actions?: Action[];
    };

/** A row of partials/summary-list. */
export type Row = { key: string; value: Cell; action?: Action };

/** The data of partials/table. */
export type Table = {
  caption: string;
  hideCaption?: boolean;
  head: string[];
  rows: Cell[][];
  firstCellIsHeader?: boolean;
  /** Shown if there are no rows. */
  empty?: string;
};
