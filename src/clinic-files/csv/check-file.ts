import { createHash } from 'node:crypto';
import { emailAddressProblem, readEmailAddress } from '../../accounts/people/email-address.js';
import { isTimeZone } from '../../tenants/time-zones.js';
import { tenantProblems } from '../../tenants/tenant-service.js';
import type { Environment } from '../../tenants/tenant-types.js';
import { unguarded } from './cells.js';
import { readHeader, type ImportColumn } from './columns.js';
import type { FileBytes } from './decode.js';
import { UnreadableFile } from './file-problem.js';
import { csvRecords } from './records.js';

/** Clinics of one file. */
export const MOST_ROWS = 100_000;

/** What a row asks for; empty where it says nothing. */
export type RowValues = Record<ImportColumn, string>;

export type RowProblem = {
  column: ImportColumn | null;
  code: 'missing' | 'too_long' | 'control_characters' | 'unknown' | 'taken' | 'email' | 'repeated' | 'cells';
  /** The line that has the same reference; how many cells there are. */
  number?: number;
};

export type CheckedRow = { line: number; values: RowValues; problems: RowProblem[] };

/** What is known of a file after it was read once. */
export type FileFacts = {
  hash: string;
  rows: number;
  firstLineOf: ReadonlyMap<string, number>;
  repeated: ReadonlySet<string>;
};

type Limits = { mostBytes: number; mostRows?: number };

/**
 * Reads a file once: whether it can be read as a whole, what identifies its content, and which references it has more
 * than once. No more is kept of it than the references.
 *
 * @throws {UnreadableFile}
 */
export async function surveyFile(file: FileBytes, { mostBytes, mostRows = MOST_ROWS }: Limits): Promise<FileFacts> {
  const hash = createHash('sha256');
  let bytes = 0;
  async function* hashed() {
    for await (const chunk of file()) {
      bytes += chunk.length;
      if (bytes > mostBytes) throw new UnreadableFile({ code: 'too_big' });
      hash.update(chunk);
      yield chunk;
    }
  }
  const firstLineOf = new Map<string, number>();
  const repeated = new Set<string>();
  let rows = 0;
  for await (const { line, values } of rowsOf(hashed())) {
    rows += 1;
    if (rows > mostRows) throw new UnreadableFile({ code: 'too_many_rows', most: mostRows });
    const ref = values.external_ref;
    if (firstLineOf.has(ref)) repeated.add(ref);
    else firstLineOf.set(ref, line);
  }
  if (rows === 0) throw new UnreadableFile({ code: bytes === 0 ? 'empty' : 'no_rows' });
  return { hash: hash.digest('hex'), rows, firstLineOf, repeated };
}

/**
 * Every row of a surveyed file, with everything that is wrong with it. Of rows with the same reference none is
 * accepted, because which one is meant is not known.
 */
export async function* checkedRows(
  file: FileBytes,
  { firstLineOf, repeated }: Pick<FileFacts, 'firstLineOf' | 'repeated'>,
  environments: readonly Environment[],
): AsyncGenerator<CheckedRow> {
  const zones = new Map<string, boolean>();
  const isZone = (name: string) => {
    const known = zones.get(name) ?? isTimeZone(name);
    if (zones.size < 1000) zones.set(name, known);
    return known;
  };
  for await (const { line, values, cellsProblem } of rowsOf(file())) {
    const problems: RowProblem[] = cellsProblem ? [cellsProblem] : [...problemsOf(values)];
    const first = firstLineOf.get(values.external_ref);
    if (values.external_ref !== '' && repeated.has(values.external_ref))
      problems.push({
        column: 'external_ref',
        code: 'repeated',
        ...(first !== line && first !== undefined && { number: first }),
      });
    yield { line, values, problems };
  }

  function* problemsOf(values: RowValues): Generator<RowProblem> {
    const { external_ref: externalRef, name, admin_email: email, language, time_zone: zone, environment } = values;
    const asked = {
      externalRef,
      name,
      ...(language !== '' && { language }),
      ...(environment !== '' && { environment }),
    };
    for (const { field, code } of tenantProblems(asked, environments))
      yield { column: columnOf[field], code: code === 'duplicate' ? 'taken' : code };
    if (email !== '' && emailAddressProblem(email) !== undefined) yield { column: 'admin_email', code: 'email' };
    if (zone !== '' && !isZone(zone)) yield { column: 'time_zone', code: 'unknown' };
  }
}

const columnOf = {
  externalRef: 'external_ref',
  name: 'name',
  environment: 'environment',
  language: 'language',
  timeZone: 'time_zone',
} as const;

type Row = { line: number; values: RowValues; cellsProblem: RowProblem | null };

async function* rowsOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Row> {
  let header: Extract<ReturnType<typeof readHeader>, { ok: true }> | undefined;
  for await (const { line, cells } of csvRecords(chunks)) {
    if (!header) {
      const read = readHeader(cells);
      if (!read.ok) throw new UnreadableFile(read.problem);
      header = read;
      continue;
    }
    const { at, count } = header;
    const value = (column: ImportColumn) => unguarded(cells[at.get(column) ?? -1] ?? '').trim();
    const values: RowValues = {
      external_ref: value('external_ref'),
      name: value('name'),
      admin_email: readEmailAddress(value('admin_email')) ?? value('admin_email'),
      language: value('language').toLowerCase(),
      time_zone: value('time_zone'),
      environment: value('environment').toLowerCase(),
    };
    const cellsProblem: RowProblem | null =
      cells.length === count ? null : { column: null, code: 'cells', number: cells.length };
    yield { line, values, cellsProblem };
  }
}
