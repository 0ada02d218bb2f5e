import type { IncomingMessage } from 'node:http';

/** The body is longer than is read. */
export class BodyTooLarge extends Error {}

/** The request ended before its body did. */
export class BodyCut extends Error {}

/**
 * Reads a body of at most `most` bytes, as it was sent. Stops reading a longer one.
 *
 * @throws {BodyTooLarge}
 * @throws {BodyCut}
 */
export function readBody(req: IncomingMessage, most: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let bytes = 0;
    const add = (part: Buffer) => {
      bytes += part.length;
      parts.push(part);
      if (bytes > most) tooLarge();
    };
    const tooLarge = () => {
      req.off('data', add).pause();
      reject(new BodyTooLarge());
    };
    if (req.destroyed) reject(new BodyCut());
    else if (Number(req.headers['content-length'] ?? 0) > most) tooLarge();
    else req.on('data', add);
    req.on('end', () => {
      resolve(Buffer.concat(parts));
    });
    req.on('error', () => {
      reject(new BodyCut());
    });
    req.on('close', () => {
      if (!req.readableEnded) reject(new BodyCut());
    });
  });
}

/** An object of the text names a member twice. Programs read that differently (RFC 8259 §4), so it is refused. */
export class DuplicateMember extends Error {}

/**
 * Parses JSON strictly: valid UTF-8, and no object with two members of one name, at any depth.
 *
 * @throws {SyntaxError} if it is no JSON
 * @throws {DuplicateMember}
 */
export function parseJson(bytes: Uint8Array): unknown {
  const text = textOf(bytes);
  const value: unknown = JSON.parse(text);
  refuseDuplicates(text);
  return value;
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new SyntaxError('the text is no UTF-8');
  }
}

const tokens = /"(?:[^"\\]|\\.)*"|[{}:]/g;

/** @param text valid JSON */
function refuseDuplicates(text: string): void {
  const open: Set<string>[] = [];
  let last = '""';
  for (const [token] of text.matchAll(tokens)) {
    if (token === '{') open.push(new Set());
    else if (token === '}') open.pop();
    else if (token === ':') {
      const name = JSON.parse(last) as string;
      const names = open.at(-1);
      if (names?.has(name)) throw new DuplicateMember();
      names?.add(name);
    } else last = token;
  }
}
