import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CsvError, parse } from 'csv-parse';
import { decoded } from './decode.js';
import { UnreadableFile } from './file-problem.js';

/** The cells of one row, and the line on which it begins. */
export type CsvRecord = { line: number; cells: string[] };

/** In characters; far more than a clinic needs, and little for memory. */
const LONGEST_ROW = 65_536;
const separators = [',', ';', '\t'];

/**
 * The rows of a CSV file (RFC 4180), with commas, semicolons or tabs between the cells, whichever its first line has
 * most of. Rows without any text are left out.
 *
 * @throws {UnreadableFile} at the first place that is no CSV
 */
export async function* csvRecords(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<CsvRecord> {
  const text = decoded(chunks);
  const first = await firstLine(text);
  let line = 1; // of the row that is being read
  const parser = parse({
    delimiter: separatorIn(first.line),
    relax_column_count: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    max_record_size: LONGEST_ROW,
    on_record: (cells: string[], { lines }): string[] | null => {
      const begins = String(line);
      line = lines + 1;
      return cells.some((cell) => cell.trim() !== '') ? [begins, ...cells] : null;
    },
  });
  const feeding = pipeline(Readable.from(after(first.read, text)), parser);
  feeding.catch(() => undefined); // the loop below gets the same error
  try {
    for await (const [begins, ...cells] of parser as AsyncIterable<string[]>) yield { line: Number(begins), cells };
  } catch (error) {
    throw error instanceof CsvError ? new UnreadableFile({ code: reasonOf(error), line }) : error;
  } finally {
    parser.destroy();
  }
}

const reasonOf = ({ code }: CsvError): 'row_too_long' | 'quote' =>
  code === 'CSV_MAX_RECORD_SIZE' ? 'row_too_long' : 'quote';

/** The text up to the end of the first line, and what was read for it. */
async function firstLine(text: AsyncGenerator<string>): Promise<{ line: string; read: string }> {
  let read = '';
  for (let next = await text.next(); !next.done; next = await text.next()) {
    read += next.value;
    if (/[\r\n]/.test(read) || read.length > LONGEST_ROW) break;
  }
  return { line: read.split(/[\r\n]/, 1)[0] ?? '', read };
}

async function* after(read: string, text: AsyncGenerator<string>): AsyncGenerator<string> {
  if (read !== '') yield read;
  yield* text;
}

function separatorIn(line: string): string {
  const counts = separators.map((separator) => line.split(separator).length);
  return separators[counts.indexOf(Math.max(...counts))] ?? ',';
}
