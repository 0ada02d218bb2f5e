import type Database from 'better-sqlite3';
import { isTime } from '../documents/beside.js';
import { isId } from '../documents/document-path.js';

type Row = Record<string, unknown>;
type Is = (value: unknown) => boolean;
type Part = { table: string; key: string[]; condition: string; columns: Record<string, Is>; added: string };

const isText: Is = (value) => typeof value === 'string';
const orNull =
  (is: Is): Is =>
  (value) =>
    value === null || is(value);
const oneOf =
  (...values: string[]): Is =>
  (value) =>
    values.includes(String(value));
const isAttachments: Is = (value) => {
  const list = jsonOf(value);
  return Array.isArray(list) && list.every((one: { id?: unknown } | null) => isId(one?.id));
};

const line = { account: isId, extension: isId };
const lines: Part = {
  table: 'lines',
  key: ['account', 'extension'],
  condition: 'true',
  columns: { ...line, external_ref: isText, last_run_at: orNull(isTime) },
  added: '',
};
const faxes: Part = {
  table: 'messages',
  key: ['account', 'extension', 'message'],
  condition: "verdict <> 'done'",
  columns: {
    ...line,
    message: isId,
    external_ref: isText,
    created_at: isTime,
    first_listed_at: isTime,
    availability: oneOf('alive', 'deleted', 'purged'),
    attachments: isAttachments,
    record: orNull((value) => jsonOf(value) !== undefined),
    verdict: oneOf('open', 'pending', 'failed', 'lost'),
    since: isTime,
    gone_since: orNull(isTime),
    reason: orNull(isText),
  },
  added: ', 0 as pass',
};
const gaps: Part = {
  table: 'gaps',
  key: ['account', 'extension', 'from_at'],
  condition: 'true',
  columns: { ...line, from_at: isTime, to_at: isTime, since: isTime },
  added: '',
};

/**
 * Copies from a damaged set, row by row, what no JSON file says: the lines, their faxes without a document, and their
 * gaps. When a line was last listed completely is not copied: a fax that was listed by then may be missing.
 */
export function salvage(from: Database.Database, into: Database.Database): void {
  into.transaction(() => {
    for (const part of [lines, faxes, gaps]) copy(part, from, into);
    into.exec(
      `insert or ignore into lines select account, extension, max(external_ref), null, null, null
       from messages where verdict <> 'done' group by account, extension`,
    );
  })();
}

function copy(part: Part, from: Database.Database, into: Database.Database): void {
  const names = Object.keys(part.columns);
  const values = names.map((name) => `@${name}`).join(', ');
  const insert = into.prepare(
    `insert or ignore into ${part.table} (${names.join(', ')}${part.added && ', pass'}) select ${values}${part.added}`,
  );
  for (const order of ['asc', 'desc'])
    for (const row of readable(part, order, from))
      if (names.every((name) => part.columns[name]?.(row[name]))) insert.run(row);
}

/** The rows of a table up to the damage. In both orders, those before and after it; past any index. */
function* readable({ table, key, condition, columns }: Part, order: string, from: Database.Database): Generator<Row> {
  const by = key.map((name) => `${name} ${order}`).join(', ');
  const names = Object.keys(columns).join(', ');
  try {
    yield* from
      .prepare<[], Row>(`select ${names} from ${table} not indexed where ${condition} order by ${by}`)
      .iterate();
  } catch (error) {
    if (!String((error as { code?: unknown }).code).startsWith('SQLITE_')) throw error;
  }
}

function jsonOf(value: unknown): unknown {
  try {
    return JSON.parse(String(value));
  } catch {
    return undefined;
  }
}
