import type Database from 'better-sqlite3';
import { historyOf } from './line-history.js';
import { overviewOf } from './overview.js';
import { setSchema } from './set-schema.js';
import type { Attachment, FaxLine, ListedFax } from '../fax-types.js';
import type { FaxState } from '../rules/verdict.js';

/** A fax that is not done, as the set knows it. */
export type OpenFax = FaxState & {
  id: string;
  /** Fixed when the fax was first listed. */
  createdAt: string;
  firstListedAt: string;
  attachments: Attachment[];
  record: unknown;
};

export type StoredDocument = { attachmentId: string; path: string; size: number; sha256: string };

const FULL = 2;

/** What showing a listed fax to the set changed. `seen`: this pass had shown it before. */
export type Noted = 'new' | 'known' | 'seen';

export type Restored = {
  message: string;
  createdAt: string;
  firstListedAt: string;
  attachment: Attachment;
  document: StoredDocument;
  doneAt: string;
};

type MessageRow = {
  message: string;
  created_at: string;
  first_listed_at: string;
  attachments: string;
  record: string | null;
  verdict: FaxState['verdict'];
  since: string;
  gone_since: string | null;
  reason: string | null;
  pass: number;
};

/**
 * The set of everything that was ever listed, and what became of it. All statements are synchronous, and each write is
 * on the disk when it returns.
 */
export function pulledSet(db: Database.Database) {
  db.exec(setSchema);
  const ofLine = 'account = @account and extension = @extension';
  const ofMessage = `${ofLine} and message = @message`;
  const one = {
    message: db.prepare<object, MessageRow>(`select * from messages where ${ofMessage}`),
    path: db.prepare<object, { path: string }>(
      `select path from documents where ${ofMessage} and attachment = @attachment`,
    ),
    attachmentIds: db.prepare<object, { attachment: string }>(`select attachment from documents where ${ofMessage}`),
    pass: db.prepare<[], { last: number }>('update passes set last = last + 1 returning last'),
    next: db.prepare<object, MessageRow>(
      `select * from messages where ${ofLine} and verdict <> 'done' and verdict <> 'lost'
       and (created_at, message) > (@createdAfter, @messageAfter) order by created_at, message limit 1`,
    ),
  };
  const write = {
    message: db.prepare(
      `insert into messages values (@account, @extension, @message, @externalRef, @createdAt, @at,
       @availability, @attachments, @record, @verdict, @at, null, @reason, @pass)`,
    ),
    listed: db.prepare(
      `update messages set availability = @availability, attachments = @attachments, record = @record,
       verdict = @verdict, since = @since, gone_since = @goneSince, reason = @reason, pass = @pass where ${ofMessage}`,
    ),
    state: db.prepare(
      `update messages set verdict = @verdict, since = @since, gone_since = @goneSince, reason = @reason,
       record = case when @verdict = 'done' then null else record end where ${ofMessage}`,
    ),
    attachments: db.prepare(`update messages set attachments = @attachments, record = @record where ${ofMessage}`),
    document: db.prepare(
      `insert or replace into documents
       values (@account, @extension, @message, @attachmentId, @path, @size, @sha256, @at)`,
    ),
  };
  const keyOf = ({ accountId, extensionId }: FaxLine) => ({ account: accountId, extension: extensionId });
  const storedIds = (key: object): Set<string> =>
    new Set(one.attachmentIds.all(key).map(({ attachment }) => attachment));

  /** Notes one fax of a listing. What is done stays done, unless it has an attachment that is not there. */
  function noteOne(line: FaxLine, fax: ListedFax, at: string, pass: number): Noted {
    const key = { ...keyOf(line), message: fax.id };
    const row = one.message.get(key);
    const isPurged = fax.availability === 'purged';
    const listed = { ...key, availability: fax.availability, record: JSON.stringify(fax.record), pass, at };
    if (!row) {
      const [verdict, reason] = isPurged ? ['lost', 'purged'] : ['open', null];
      const attachments = JSON.stringify(fax.attachments);
      const createdAt = fax.creationTime ?? at;
      write.message.run({ ...listed, externalRef: line.externalRef, createdAt, attachments, verdict, reason });
      return 'new';
    }
    const attachments = merged(JSON.parse(row.attachments) as Attachment[], fax.attachments);
    const stored = storedIds(key);
    const isWhole = attachments.length > 0 && attachments.every(({ id }) => stored.has(id));
    const state = stateOf(row);
    const next = isWhole || state.verdict === 'done' ? { ...state, verdict: 'done' as const } : state;
    const after = listedAgain(next, isPurged, isWhole, at);
    const record = after.verdict === 'done' ? null : listed.record;
    write.listed.run({ ...listed, ...after, attachments: JSON.stringify(attachments), record });
    return row.pass === pass ? 'seen' : 'known';
  }

  return {
    /** A number that no pass over a mailbox had before. */
    newPass: (): number => one.pass.get()?.last ?? 0,

    /** Notes the faxes of a page in one transaction. */
    note: db.transaction((line: FaxLine, faxes: ListedFax[], at: string, pass: number): Noted[] =>
      faxes.map((fax) => noteOne(line, fax, at, pass)),
    ),

    /** The oldest unfinished fax after `after`. */
    nextUnfinished(line: FaxLine, after: { createdAt: string; id: string } | null): OpenFax | null {
      const from = { createdAfter: after?.createdAt ?? '', messageAfter: after?.id ?? '' };
      const row = one.next.get({ ...keyOf(line), ...from });
      return row ? openFax(row) : null;
    },

    message(line: FaxLine, id: string): OpenFax | null {
      const row = one.message.get({ ...keyOf(line), message: id });
      return row ? openFax(row) : null;
    },

    storedAttachments: (line: FaxLine, message: string): Set<string> => storedIds({ ...keyOf(line), message }),

    /** Where a document was put; null if it is not in the set. */
    documentPath: (line: FaxLine, message: string, attachment: string): string | null =>
      one.path.get({ ...keyOf(line), message, attachment })?.path ?? null,

    /** The document is on the disk under this path. */
    addDocument(line: FaxLine, message: string, document: StoredDocument, at: string): void {
      write.document.run({ ...keyOf(line), message, ...document, at });
    },

    /** @returns these attachments, and those that were listed before */
    addAttachments(line: FaxLine, { id, attachments, record }: ListedFax): Attachment[] {
      const key = { ...keyOf(line), message: id };
      const row = one.message.get(key);
      const all = merged(row ? (JSON.parse(row.attachments) as Attachment[]) : [], attachments);
      write.attachments.run({ ...key, attachments: JSON.stringify(all), record: JSON.stringify(record) });
      return all;
    },

    setState(line: FaxLine, message: string, state: FaxState): void {
      write.state.run({ ...keyOf(line), message, ...state });
    },

    /** A document that its JSON file says is there, or was until it was taken away. */
    restore: db.transaction((line: FaxLine, found: Restored): void => {
      const key = { ...keyOf(line), message: found.message };
      const known = one.message.get(key);
      write.document.run({ ...key, ...found.document, at: found.doneAt });
      if (!known) {
        const { externalRef } = line;
        const texts = { attachments: JSON.stringify([found.attachment]), record: null };
        const state = { verdict: 'done', reason: null, availability: 'alive', pass: 0 };
        const times = { createdAt: found.createdAt, at: found.firstListedAt };
        write.message.run({ ...key, ...texts, ...state, ...times, externalRef });
        return;
      }
      const attachments = merged(JSON.parse(known.attachments) as Attachment[], [found.attachment]);
      write.attachments.run({ ...key, attachments: JSON.stringify(attachments), record: known.record });
      const stored = storedIds(key);
      const isWhole = attachments.every(({ id }) => stored.has(id));
      if (isWhole) write.state.run({ ...key, ...stateOf(known), verdict: 'done', reason: null });
    }),

    /** Whether a write is on the disk when it returns. */
    isDurable: (): boolean => db.pragma('synchronous', { simple: true }) === FULL,

    ...historyOf(db),
    ...overviewOf(db),
    /** Leaves one file without a log, which can be read where nothing can be written, and copied. */
    close(): void {
      try {
        db.pragma('journal_mode = delete');
      } catch {
        // Another program reads it, or the disk is full. The log stays, and is read by the next run.
      }
      db.close();
    },
  };
}

export type PulledSet = ReturnType<typeof pulledSet>;

/** A listed fax whose state another listing may change. */
function listedAgain(state: FaxState, isPurged: boolean, isWhole: boolean, at: string): FaxState {
  if (isWhole) return state;
  if (isPurged) return state.verdict === 'lost' ? state : { ...state, verdict: 'lost', since: at, reason: 'purged' };
  const isBack = state.verdict === 'done' || (state.verdict === 'lost' && state.reason === 'purged');
  return isBack ? { verdict: 'open', since: at, goneSince: null, reason: null } : state;
}

/** An attachment that was listed once counts, even if another listing leaves it out. */
function merged(known: Attachment[], listed: Attachment[]): Attachment[] {
  const ids = new Set(listed.map(({ id }) => id));
  return [...listed, ...known.filter(({ id }) => !ids.has(id))];
}

const stateOf = ({ verdict, since, gone_since: goneSince, reason }: MessageRow): FaxState => ({
  verdict,
  since,
  goneSince,
  reason,
});

const openFax = (row: MessageRow): OpenFax => ({
  ...stateOf(row),
  id: row.message,
  createdAt: row.created_at,
  firstListedAt: row.first_listed_at,
  attachments: JSON.parse(row.attachments) as Attachment[],
  record: row.record === null ? null : (JSON.parse(row.record) as unknown),
});
