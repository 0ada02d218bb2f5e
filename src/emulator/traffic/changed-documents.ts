import { setTimeout as sleep } from 'node:timers/promises';
import type { Response } from 'express';

/**
 * What a fault does to the document that follows: `cut` ends the connection within the promised length; `short` and
 * `long` are complete answers that differ from the size in the record; `no_length` leaves out Content-Length. A range
 * is ignored, starts a byte early, or names another total.
 */
export type DocumentChange =
  | { kind: 'slow'; delayMs: number; bytes: number }
  | { kind: 'cut' | 'short' | 'long'; bytes: number | undefined }
  | { kind: 'range_ignored' | 'range_shifted' | 'range_resized' | 'no_length' };

export type DocumentAnswer = {
  headers: Record<string, string>;
  document: Buffer;
  /** the part that was asked for, `end` included; undefined: all of it */
  range: { start: number; end: number } | undefined;
};

const changes = new WeakMap<Response, DocumentChange>();

export const changeDocument = (res: Response, change: DocumentChange) => void changes.set(res, change);

/** Status and headers of the answer as its fault makes them, and the bytes that follow. */
function framed(res: Response, { headers, document, range }: DocumentAnswer, kind?: DocumentChange['kind']): Buffer {
  res.set(headers);
  const hasLength = kind === undefined || kind === 'slow' || kind === 'cut' || kind.startsWith('range_');
  if (!range || kind === 'range_ignored') {
    if (hasLength) res.set('Content-Length', String(document.length));
    return document;
  }
  const start = kind === 'range_shifted' ? Math.max(0, range.start - 1) : range.start;
  const part = document.subarray(start, range.end + 1);
  const total = document.length + (kind === 'range_resized' ? 1 : 0);
  res.status(206).set('Content-Range', `bytes ${start}-${range.end}/${total}`);
  if (hasLength) res.set('Content-Length', String(part.length));
  return part;
}

/** Sends a document, as the fault of this request changes it. */
export async function sendDocument(res: Response, answer: DocumentAnswer): Promise<void> {
  const change = changes.get(res);
  const bytes = framed(res, answer, change?.kind);
  switch (change?.kind) {
    case 'slow':
      for (let sent = 0; sent < bytes.length && !res.destroyed; sent += change.bytes) {
        res.write(bytes.subarray(sent, sent + change.bytes));
        await sleep(change.delayMs);
      }
      if (!res.destroyed) res.end();
      return;
    case 'cut':
      res.write(bytes.subarray(0, change.bytes ?? bytes.length / 2), () => setTimeout(() => res.destroy(), 5));
      return;
    case 'short':
      return void res.end(bytes.subarray(0, change.bytes ?? bytes.length / 2));
    case 'long':
      return void res.end(Buffer.concat([bytes, Buffer.alloc(change.bytes ?? 100, 'x')]));
    case 'no_length':
      res.write(bytes);
      return void res.end();
    default:
      return void res.end(bytes);
  }
}
