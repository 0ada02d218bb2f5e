import { pino, type Logger, type DestinationStream } from 'pino';

export type { Logger };

/**
 * One JSON line an event. Callers log codes, ids and counts; errors are reduced to what cannot carry a secret:
 * their names, our own codes and stack positions, never a library's message, since some hold the request.
 */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: describeError, error: describeError },
    redact: {
      paths: ['authorization', 'cookie', 'assertion', 'password', 'token', 'accessToken', 'access_token', 'clientSecret']
        .flatMap((name) => [name, `*.${name}`, `*.*.${name}`])
        .concat('req.headers.cookie', 'req.headers.authorization'),
      censor: '[redacted]',
    },
  };
  return destination ? pino(options, destination) : pino(options);
}

type ErrorDescription = { name: string; code?: string; at: string[]; cause?: ErrorDescription };

/** Name, code and stack positions of an error and its causes (five at most); no message. */
export function describeError(error: unknown, depth = 0): ErrorDescription {
  if (!(error instanceof Error)) return { name: typeof error, at: [] };
  const { code } = error as { code?: unknown };
  const described: ErrorDescription = { name: error.name, at: stackPositions(error) };
  if (typeof code === 'string' && /^[A-Za-z0-9_-]{1,60}$/.test(code)) described.code = code;
  if (error.cause !== undefined && depth < 5) described.cause = describeError(error.cause, depth + 1);
  return described;
}

/** The positions only: the first lines of a stack repeat the message. */
function stackPositions(error: Error): string[] {
  return (error.stack ?? '')
    .split('\n')
    .filter((line) => /^ {4}at /.test(line))
    .slice(0, 12)
    .map((line) => line.trim().slice(0, 300));
}
