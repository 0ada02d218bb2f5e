import type { Request, RequestHandler } from 'express';
import { Busboy, type BusboyFileStream, type BusboyInstance } from '@fastify/busboy';
import { PortalError } from '../errors.js';

/** A file of a form: its bytes, or why there are none. */
export type UploadedFile = Buffer[] | 'none' | 'too_large';
export type Upload = { read: (mostBytes: number) => Promise<UploadedFile> };

/** More than a form's fields and headers need. */
const AROUND_FILE_BYTES = 10_000;
/** What a browser sends after it was refused is dropped, so that it shows the answer; up to that. */
const MOST_DROPPED_BYTES = 256 * 1024 * 1024;
const limits = { fields: 1, files: 1, parts: 2, fieldSize: 200, fieldNameSize: 50, headerPairs: 20 };

/**
 * Forms with a file, at these paths only. Reads the first field, which is the CSRF token, and leaves the file in the
 * connection: nothing of it is read before session, token and role are checked. A form whose first part is something
 * else has no token.
 */
export const uploadHead =
  (paths: readonly string[]): RequestHandler =>
  (req, res, next) => {
    if (req.method !== 'POST' || !paths.includes(req.path) || !req.is('multipart/form-data')) {
      next();
      return;
    }
    const parser = parserOf(req);
    if (!parser) {
      next(new PortalError('bad_request'));
      return;
    }
    const { body, ...parts } = partsOf(req, parser);
    res.locals.upload = { read: (mostBytes) => readFile(req, parts, mostBytes) };
    res.once('finish', () => drop(req, parser));
    req.pipe(parser);
    body.then((fields) => {
      req.body = fields;
      next();
    }, next);
  };

function parserOf(req: Request): BusboyInstance | undefined {
  try {
    return new Busboy({ headers: { ...req.headers, 'content-type': req.headers['content-type'] ?? '' }, limits });
  } catch {
    return undefined; // no boundary
  }
}

type Part = { name: string; stream: BusboyFileStream } | 'none';

/** The first field, the file once it begins, and the end of the form. */
function partsOf(req: Request, parser: BusboyInstance) {
  let settleBody: (fields: Record<string, string>) => void;
  const body = new Promise<Record<string, string>>((resolve) => (settleBody = resolve));
  let isWhole: () => void;
  let isBroken: (why: PortalError) => void;
  const end = new Promise<void>((resolve, reject) => ([isWhole, isBroken] = [resolve, reject]));
  const file = new Promise<Part>((resolve, reject) => {
    const broken = () => {
      const why = new PortalError('bad_request');
      settleBody({});
      reject(why);
      isBroken(why);
    };
    parser.on('field', (name, value) => settleBody(name === '_csrf' ? { _csrf: value } : {}));
    parser.on('file', (_field, stream, name: string | undefined) => {
      settleBody({});
      stream.on('error', () => undefined); // the reader of the file gets it
      resolve({ name: name ?? '', stream });
    });
    parser.on('finish', () => {
      settleBody({});
      resolve('none');
      isWhole();
    });
    parser.on('error', broken);
    req.on('close', () => {
      if (!req.complete) broken();
    });
  });
  for (const part of [file, end]) part.catch(() => undefined); // a request that is refused reads no file
  return { body, file, end };
}

type Parts = { file: Promise<Part>; end: Promise<void> };
async function readFile(req: Request, { file, end }: Parts, mostBytes: number): Promise<UploadedFile> {
  if (Number(req.headers['content-length'] ?? 0) > mostBytes + AROUND_FILE_BYTES) return 'too_large';
  const part = await file;
  if (part === 'none') return 'none';
  const { name, stream } = part;
  const abort = () => {
    if (!req.complete) stream.destroy(new PortalError('bad_request'));
  };
  req.once('close', abort);
  try {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > mostBytes) return 'too_large';
      chunks.push(chunk);
    }
    await end; // a form that was cut off has no end
    return size === 0 && name === '' ? 'none' : chunks;
  } catch {
    throw new PortalError('bad_request');
  } finally {
    req.off('close', abort);
  }
}

/** After the answer: a connection whose request is not read would hang. */
function drop(req: Request, parser: BusboyInstance): void {
  req.unpipe(parser);
  let dropped = 0;
  req.on('data', (chunk: Buffer) => {
    dropped += chunk.length;
    if (dropped > MOST_DROPPED_BYTES) req.destroy();
  });
  req.resume();
}
