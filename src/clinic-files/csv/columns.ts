import type { FileProblem } from './file-problem.js';

/** What an import reads, in the order of the export. */
export const importColumns = ['external_ref', 'name', 'admin_email', 'language', 'time_zone', 'environment'] as const;
export type ImportColumn = (typeof importColumns)[number];
const required: readonly ImportColumn[] = ['external_ref', 'name'];

/** What only the export says, and the file of refused rows; an import that finds them does not read them. */
export const exportOnlyColumns = ['state', 'cause', 'since'] as const;
export const problemColumns = ['line', 'problem'] as const;

const MOST_COLUMNS = 50;
const LONGEST_SHOWN = 40;
const MOST_SHOWN = 5;

type Header = { ok: true; at: ReadonlyMap<ImportColumn, number>; count: number } | { ok: false; problem: FileProblem };

/**
 * Where each column is, by the names in the first row, in any order and case. A column of another name is refused,
 * because it may be a misspelled one, and then every clinic would silently get the default.
 */
export function readHeader(cells: readonly string[]): Header {
  if (cells.length > MOST_COLUMNS) return { ok: false, problem: { code: 'too_many_columns', count: cells.length } };
  const names = cells.map((cell) => cell.trim().toLowerCase());
  // A spreadsheet that was wider once writes empty cells at the end of each row.
  const found = names.filter((name) => name !== '');
  const known: readonly string[] = [...importColumns, ...exportOnlyColumns, ...problemColumns];
  const lists = {
    missing_columns: required.filter((name) => !found.includes(name)),
    repeated_columns: known.filter((name) => found.indexOf(name) !== found.lastIndexOf(name)),
    unknown_columns: found.filter((name) => !known.includes(name)),
  };
  for (const [code, columns] of Object.entries(lists) as [keyof typeof lists, string[]][])
    if (columns.length > 0) return { ok: false, problem: { code, columns: shown(columns) } };
  const at = new Map(importColumns.filter((name) => names.includes(name)).map((name) => [name, names.indexOf(name)]));
  return { ok: true, at, count: cells.length };
}

const shown = (columns: readonly string[]): string[] =>
  columns.slice(0, MOST_SHOWN).map((name) => name.replaceAll(/\p{C}/gu, '').slice(0, LONGEST_SHOWN));
