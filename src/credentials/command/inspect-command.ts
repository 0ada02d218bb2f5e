import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { environmentNames, isEnvironment } from '../../ringcentral/environments.js';
import { inspectAssertion, maxPasteBytes } from '../inspect/inspect-assertion.js';
import type { Inspected, InspectOptions } from '../inspect/inspection-types.js';
import { jsonLines, type Line } from './json-lines.js';

/** The flags as given on the command line. */
export type InspectFlags = {
  environment?: string | undefined;
  /** ISO 8601; without a zone, UTC. */
  now?: string | undefined;
  clientId?: string | undefined;
  fingerprint?: boolean | undefined;
  jsonl?: boolean | undefined;
};

type InspectCommand = {
  input: Readable;
  output: Writable;
  /** Where usage errors are written. */
  errors: Writable;
  options: InspectFlags;
  /** The current time, used when `--now` is not given. */
  clock: () => Date;
};

type Settings = InspectOptions & { fingerprint: boolean };

/** 8 MiB: far more than a paste of the greatest length needs as a JSON string. */
const maxLineBytes = 8 * 1024 * 1024;

/**
 * `latchkey inspect`: reads a paste from `input` and writes the result as one line of JSON that contains no part of
 * the paste. With `jsonl`, each input line is a JSON string and produces one result line, in order. Keeps at most one
 * line in memory, however much input arrives, and respects the backpressure of `output`.
 *
 * @returns the exit code: 0 ok (with `jsonl`: all lines read), 1 rejected (or `output` was closed), 2 usage error
 */
export async function inspectCommand({ input, output, errors, options, clock }: InspectCommand): Promise<0 | 1 | 2> {
  const settings = parseFlags(options, clock);
  if (typeof settings === 'string') {
    errors.write(`${settings}\n`);
    return 2;
  }
  try {
    if (options.jsonl === true) {
      const inspectAll = (chunks: AsyncIterable<Buffer>) => inspectLines(chunks, settings);
      await pipeline(input, inspectAll, output, { end: false });
      return 0;
    }
    const inspected = inspectAssertion(await readPaste(input), settings);
    await pipeline([resultLine(inspected, settings)], output, { end: false });
    return inspected.inspection.outcome === 'ok' ? 0 : 1;
  } catch (error) {
    if (isClosedPipe(error)) return 1;
    throw error;
  }
}

/** Returns the settings, or one line that says what is wrong with the flags without repeating their values. */
function parseFlags(
  { environment = 'production', now: given, clientId, fingerprint = false }: InspectFlags,
  clock: () => Date,
): Settings | string {
  if (!isEnvironment(environment)) return `--environment must be one of ${environmentNames.join(', ')}`;
  const now = given === undefined ? clock() : parseTime(given);
  if (Number.isNaN(now.getTime())) return '--now must be a time in ISO 8601, such as 2026-11-21T09:00:00Z';
  return { environment, now, clientId, fingerprint };
}

const isoTime = /^\d{4}-\d\d-\d\d(?:$|T\d\d:\d\d(?:$|[Z+-]|:\d\d))/;

function parseTime(text: string): Date {
  if (!isoTime.test(text)) return new Date(Number.NaN);
  const zoned = !text.includes('T') || /(?:Z|[+-]\d\d:?\d\d)$/.test(text);
  return new Date(zoned ? text : `${text}Z`);
}

const isClosedPipe = (error: unknown): boolean =>
  typeof error === 'object' &&
  error !== null &&
  'code' in error &&
  (error.code === 'EPIPE' || error.code === 'ERR_STREAM_PREMATURE_CLOSE');

/**
 * Reads the input as text. If the input is too large, returns a text that is also too large, and reads and drops the
 * rest.
 */
async function readPaste(input: Readable): Promise<string> {
  const kept: Buffer[] = [];
  let length = 0;
  for await (const chunk of input as AsyncIterable<Buffer>) {
    if (length > maxPasteBytes) continue;
    const bytes = chunk.subarray(0, maxPasteBytes + 1 - length);
    kept.push(bytes);
    length += bytes.length;
  }
  return length > maxPasteBytes ? ' '.repeat(length) : Buffer.concat(kept).toString('utf8');
}

async function* inspectLines(chunks: AsyncIterable<Buffer>, settings: Settings): AsyncGenerator<string> {
  for await (const lines of jsonLines(chunks, maxLineBytes)) {
    const answers = lines.map((line) => answerLine(line, settings)).join('');
    if (answers !== '') yield answers;
  }
}

function answerLine(line: Line, settings: Settings): string {
  if (line.kind === 'bad') return '{"outcome":"error","code":"bad_line"}\n';
  const paste = line.kind === 'string' ? line.value : ' '.repeat(maxPasteBytes + 1);
  return resultLine(inspectAssertion(paste, settings), settings);
}

/** The documented keys in their documented order, and no others. */
function resultLine({ inspection, fingerprint }: Inspected, settings: Settings): string {
  const { outcome, code, repairs, warnings, expiresAt, environment, issuer } = inspection;
  const result = { outcome, code, repairs, warnings, expiresAt, environment, issuer };
  return `${JSON.stringify(settings.fingerprint ? { ...result, sha256: fingerprint() } : result)}\n`;
}
