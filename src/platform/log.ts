import { pino, type ChildLoggerOptions, type DestinationStream, type LogFn, type Logger } from 'pino';

export type { Logger };

/**
 * One JSON line per event. Callers log codes, ids and counts. The logger removes what they log by mistake: errors are
 * reduced to parts that cannot contain a secret, secret field names are dropped at every depth, and so is anything
 * that looks like a JWT. No field can end a line or control a terminal.
 */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const logger = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { log: (fields) => cleanObject(fields) },
      hooks: { logMethod: withOwnMessage, streamWrite: cleanLine },
    },
    destination,
  );
  // pino does not format the bindings of a child with the formatter. Children and their children inherit this
  // function.
  const parent = logger as unknown as { child: ChildOf };
  const { child } = parent;
  parent.child = function (bindings, options) {
    return child.call(this, cleanObject(bindings), options);
  };
  return logger;
}

/**
 * Standard output, for one logger: the lines of one turn of the event loop are written together, because each call of
 * the system costs a request as much as reading its body. A process that is killed loses those of its last turn.
 */
export function standardOutput(): DestinationStream & { flushSync: () => void } {
  const output = pino.destination({ minLength: 8_192 });
  let isDue = false;
  const flushSync = () => {
    isDue = false;
    output.flushSync();
  };
  process.on('exit', flushSync);
  const write = (line: string) => {
    output.write(line);
    if (!isDue) setImmediate(flushSync);
    isDue = true;
  };
  return { write, flushSync };
}

type ChildOf = (this: Logger, bindings: object, options?: ChildLoggerOptions) => Logger;

/**
 * pino uses an error's own message if the call has none. Our messages are constants; of an error, only its name is
 * used.
 */
function withOwnMessage(this: Logger, args: Parameters<LogFn>, method: LogFn): void {
  const [first, message, ...values] = args as unknown[];
  if (typeof first === 'string') {
    const rest = [message, ...values].map(plainValue);
    method.apply(this, [first, ...rest] as Parameters<LogFn>);
    return;
  }
  const fields = first instanceof Error ? { err: first } : first;
  const text = typeof message === 'string' ? message : 'failed';
  method.apply(this, [fields, text, ...values.map(plainValue)] as Parameters<LogFn>);
}

function plainValue(value: unknown): unknown {
  if (value instanceof Error) return value.name;
  return typeof value === 'object' && value !== null ? '[object]' : value;
}

const DEEPEST = 6;
const MOST_ITEMS = 100;
const secretName = /(?:authorization|cookies?|assertion|passwords?|tokens?|secrets?|apikeys?|privatekey|jwts?|csrf)$/;

function cleanObject(fields: object, depth = 0): Record<string, unknown> {
  const cleaned: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    const holds = typeof value === 'string' || (typeof value === 'object' && value !== null);
    const isSecret = holds && secretName.test(name.toLowerCase().replace(/[^a-z]/g, ''));
    // pino writes names unescaped, so a name with a quotation mark would break the JSON.
    cleaned[name.replace(/[^\w.:-]/g, '_')] = isSecret
      ? '[redacted]'
      : name === 'err'
        ? describeError(value)
        : cleanValue(value, depth + 1);
  }
  return cleaned;
}

function cleanValue(value: unknown, depth: number): unknown {
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Error) return describeError(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (ArrayBuffer.isView(value)) return '[bytes]';
  if (depth > DEEPEST) return '[deeper]';
  if (Array.isArray(value)) return value.slice(0, MOST_ITEMS).map((item) => cleanValue(item, depth + 1));
  if ('toJSON' in value && typeof value.toJSON === 'function')
    return cleanValue((value.toJSON as () => unknown)(), depth + 1);
  return cleanObject(value, depth);
}

/** A JWT or the beginning of one: the first letters of its header are always these. */
const jwtLike = /eyJ[\w.-]{10,}/g;
/**
 * Characters that JSON leaves unescaped but terminals and viewers interpret: C1 controls, line separators, direction
 * marks.
 */
const steering = /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

function cleanLine(line: string): string {
  return line
    .replace(jwtLike, '[redacted]')
    .replace(steering, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

type ErrorDescription = { name: string; code?: string; at: string[]; cause?: ErrorDescription };

/**
 * Name, code and stack positions of an error and its causes (at most five). Omits messages, because some libraries'
 * messages contain the request.
 */
export function describeError(error: unknown, depth = 0): ErrorDescription {
  if (!(error instanceof Error)) return { name: typeof error, at: [] };
  const { code } = error as { code?: unknown };
  const described: ErrorDescription = {
    name: /^[\w.$ -]{1,60}$/.test(error.name) ? error.name : 'Error',
    at: stackPositions(error),
  };
  if (typeof code === 'string' && /^[A-Za-z0-9_-]{1,60}$/.test(code)) described.code = code;
  if (error.cause !== undefined && depth < 5) described.cause = describeError(error.cause, depth + 1);
  return described;
}

/** Only the positions: the first lines of a stack repeat the message, which may look like a position. */
function stackPositions(error: Error): string[] {
  return (error.stack ?? '')
    .replace(error.message, () => '')
    .split('\n')
    .filter((line) => line.startsWith('    at ') && /:\d+:\d+\)?$/.test(line))
    .slice(0, 12)
    .map((line) => line.trim().slice(0, 300));
}
