import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Environment, environmentNames, isEnvironment } from '../../ringcentral/environments.js';
import { inspectAssertion, maxPasteBytes } from '../inspect/inspect-assertion.js';
import type { Inspected } from '../inspect/inspection-types.js';
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

export type InspectCommand = {
  input: Readable;
  output: Writable;
  /** Where usage errors are written. */
  errors: Writable;
  options: InspectFlags;
  /** The current time, used when `--now` is not given. */
  clock: () => Date;
};

type Settings = { environment: Environment; now: Date | null; clientId: string | undefined; fingerprint: boolean };

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
  const settings = parseFlags(options);
  if (typeof settings === 'string') {
    errors.write(`${settings}\n`);
    return 2;
  }
  const inspect = (paste: string) => inspectAssertion(paste, { ...settings, now: settings.now ?? clock() });
  try {
    if (options.jsonl === true) {
      const answer = (chunks: AsyncIterable<Buffer | string>) => inspectLines(chunks, inspect, settings);
      await pipeline(input, answer, output, { end: false });
      return 0;
    }
    const inspected = inspect(await readPaste(input));
    await pipeline([resultLine(inspected, settings)], output, { end: false });
    return inspected.inspection.outcome === 'ok' ? 0 : 1;
  } catch (error) {
    if (isClosedPipe(error)) return 1;
    throw error;
  }
}

/** Returns the settings, or one line that says what is wrong with the flags without repeating their values. */
function parseFlags({ environment = 'production', now, clientId, fingerprint }: InspectFlags): Settings | string {
  if (!isEnvironment(environment)) return `--environment must be one of ${environmentNames.join(', ')}`;
  const at = now === undefined ? null : parseTime(now);
  if (at !== null && Number.isNaN(at.getTime()))
    return '--now must be a time in ISO 8601, such as 2026-11-21T09:00:00Z';
  return { environment, now: at, clientId, fingerprint: fingerprint === true };
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
  for await (const chunk of input as AsyncIterable<Buffer | string>) {
    if (length > maxPasteBytes) continue;
    const bytes = (typeof chunk === 'string' ? Buffer.from(chunk, 'utf8') : chunk).subarray(
      0,
      maxPasteBytes + 1 - length,
    );
    kept.push(bytes);
    length += bytes.length;
  }
  return length > maxPasteBytes ? ' '.repeat(length) : Buffer.concat(kept).toString('utf8');
}

async function* inspectLines(
  chunks: AsyncIterable<Buffer | string>,
  inspect: (paste: string) => Inspected,
  settings: Settings,
): AsyncGenerator<string> {
  for await (const lines of jsonLines(chunks, maxLineBytes)) {
    const answers = lines.map((line) => answerLine(line, inspect, settings)).join('');
    if (answers !== '') yield answers;
  }
}

function answerLine(line: Line, inspect: (paste: string) => Inspected, settings: Settings): string {
  if (line.kind === 'bad') return '{"outcome":"error","code":"bad_line"}\n';
  return resultLine(inspect(line.kind === 'string' ? line.value : ' '.repeat(maxPasteBytes + 1)), settings);
}

/** The documented keys in their documented order, and no others. */
function resultLine({ inspection, fingerprint }: Inspected, settings: Settings): string {
  const { outcome, code, repairs, warnings, expiresAt, environment, issuer } = inspection;
  const result = { outcome, code, repairs, warnings, expiresAt, environment, issuer };
  return `${JSON.stringify(settings.fingerprint ? { ...result, sha256: fingerprint() } : result)}\n`;
}
