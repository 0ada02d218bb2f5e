import type Database from 'better-sqlite3';
import type { FaxLine } from '../fax-types.js';

/** A line that was pulled before. */
export type KnownLine = {
  line: FaxLine;
  lastCompleteAt: string | null;
  /** null: the set was rebuilt since. */
  lastRunAt: string | null;
  fill: number | null;
};
/** A fax that is not done. Names no one. */
export type Unfinished = {
  messageId: string;
  verdict: string;
  since: string;
  reason: string | null;
  createdAt: string;
};
export type KnownDocument = { path: string; size: number; sha256: string };

type LineRow = {
  account: string;
  extension: string;
  external_ref: string;
  last_complete_at: string | null;
  last_run_at: string | null;
  fill: number | null;
};
type DocumentRow = KnownDocument & { account: string; extension: string; message: string; attachment: string };
const BATCH = 200;

/** What the set knows across lines, for the commands that look at it. */
export function overviewOf(db: Database.Database) {
  const sql = {
    lines: db.prepare<[], LineRow>('select * from lines order by external_ref, extension'),
    unfinished: db.prepare<object, Unfinished>(
      `select message as messageId, verdict, since, reason, created_at as createdAt from messages
       where account = @account and extension = @extension and verdict <> 'done' order by created_at, message`,
    ),
    holders: db.prepare<[string], { account: string; extension: string; external_ref: string }>(
      `select account, extension, coalesce(lines.external_ref, messages.external_ref) as external_ref
       from messages left join lines using (account, extension) where message = ?`,
    ),
    unfinishedAndGaps: db.prepare<[], { unfinished: number; gaps: number }>(
      `select (select count(*) from messages where verdict <> 'done') as unfinished,
       (select count(*) from gaps) as gaps`,
    ),
    documents: db.prepare<object, DocumentRow>(
      `select account, extension, message, attachment, path, size, sha256 from documents
       where (account, extension, message, attachment) > (@account, @extension, @message, @attachment)
       order by account, extension, message, attachment limit ${BATCH}`,
    ),
  };
  return {
    knownLines: (): KnownLine[] =>
      sql.lines.all().map((row) => ({
        line: lineOf(row),
        lastCompleteAt: row.last_complete_at,
        lastRunAt: row.last_run_at,
        fill: row.fill,
      })),

    unfinishedOf: ({ accountId: account, extensionId: extension }: FaxLine): Unfinished[] =>
      sql.unfinished.all({ account, extension }),

    /** How many faxes are not done, and how many gaps there are. */
    unfinishedAndGaps: () => sql.unfinishedAndGaps.get() ?? { unfinished: 0, gaps: 0 },

    /**
     * The lines on which a message with this id was listed, by the last name of the clinic: one, unless ids of two
     * accounts coincide.
     */
    linesWith: (messageId: string): FaxLine[] => sql.holders.all(messageId).map(lineOf),

    /** Every document that was fetched. Others may use the set between two of them. */
    *documents(): Generator<KnownDocument, void> {
      let last = { account: '', extension: '', message: '', attachment: '' };
      for (;;) {
        const batch = sql.documents.all(last);
        for (const { path, size, sha256 } of batch) yield { path, size, sha256 };
        const end = batch.at(-1);
        if (!end) return;
        last = end;
      }
    },
  };
}

const lineOf = (row: { account: string; extension: string; external_ref: string }): FaxLine => ({
  accountId: row.account,
  extensionId: row.extension,
  externalRef: row.external_ref,
});
