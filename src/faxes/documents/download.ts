import { createHash, type Hash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { extensionOf, MAGIC_BYTES, readHead, type HeadMeaning } from './document-bytes.js';
import type { DocumentAnswer } from '../fax-types.js';

/** Asks for a document from a byte on. */
export type Ask = (from: number) => Promise<DocumentAnswer>;

export type Downloaded =
  | { kind: 'whole'; extension: 'pdf' | 'tif'; size: number; sha256: string }
  | { kind: 'pending' }
  | { kind: 'gone' }
  | { kind: 'failed'; reason: string }
  | { kind: 'over'; reason: string };

const ATTEMPTS = 4;
/** A document whose length no one told must end some time. */
const MOST_BYTES = 1024 ** 3;

type Received = { size: number; total: number | null; hash: Hash; first: Buffer };
/** `again`: the connection broke, and what came so far may be continued. */
type Read = 'end' | 'again' | { reason: string };

/**
 * Downloads a document into an open file, piece by piece. What breaks off is continued, if RingCentral's answer says
 * that it continues the same document; otherwise it begins again.
 *
 * @param told the size by the listing, if it tells one
 */
export async function download(ask: Ask, file: FileHandle, told: number | null): Promise<Downloaded> {
  let received = nothing();
  let reason = 'ended_early';
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const answer = await ask(received.total === null ? 0 : received.size);
    if (answer.kind === 'refused') return failed(`refused ${answer.code ?? answer.status}`);
    if (answer.kind === 'inconclusive') return failed(answer.reason);
    if (answer.kind !== 'document') return answer.kind === 'gone' ? { kind: 'gone' } : answer;
    const meaning = readHead(answer, { received: received.size, total: received.total });
    if (meaning.kind !== 'append') received = await emptied(file, meaning);
    if (meaning.kind === 'discard') {
      await close(answer.body);
      reason = 'unusable_answer';
      continue;
    }
    const expected = received.total ?? told;
    if (told !== null && received.total !== null && told !== received.total) {
      await close(answer.body);
      return failed('other_length');
    }
    const read = await readInto(file, answer.body, received, expected);
    if (typeof read === 'object') return failed(read.reason);
    const extension = extensionOf(received.first);
    if (read === 'end' && extension !== null)
      return { kind: 'whole', extension, size: received.size, sha256: received.hash.digest('hex') };
    if (read === 'end') return failed('not_a_document');
    reason = 'ended_early';
  }
  return failed(reason);
}

const failed = (reason: string): Downloaded => ({ kind: 'failed', reason });
const nothing = (total: number | null = null): Received => ({
  size: 0,
  total,
  hash: createHash('sha256'),
  first: Buffer.alloc(0),
});

async function emptied(file: FileHandle, meaning: HeadMeaning): Promise<Received> {
  await file.truncate(0);
  return nothing(meaning.kind === 'restart' ? meaning.total : null);
}

async function readInto(
  file: FileHandle,
  body: AsyncIterable<Uint8Array>,
  received: Received,
  expected: number | null,
): Promise<Read> {
  const pieces = body[Symbol.asyncIterator]();
  try {
    for (;;) {
      const piece = await pieces.next().catch(() => null); // whatever broke it, the rest can be asked for
      if (piece === null) return 'again';
      if (piece.done) return expected !== null && received.size < expected ? 'again' : 'end';
      const bytes = piece.value;
      if (received.size + bytes.length > (expected ?? MOST_BYTES)) return { reason: 'longer_than_told' };
      if (received.first.length < MAGIC_BYTES) {
        received.first = Buffer.concat([received.first, bytes.subarray(0, MAGIC_BYTES)]).subarray(0, MAGIC_BYTES);
        const isEnough = received.first.length === MAGIC_BYTES;
        if (isEnough && extensionOf(received.first) === null) return { reason: 'not_a_document' };
      }
      await writeAll(file, bytes, received.size);
      received.hash.update(bytes);
      received.size += bytes.length;
    }
  } finally {
    await pieces.return?.().catch(() => undefined);
  }
}

async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}

/** Closes an answer of no use. A body that was never begun would stay open. */
async function close(body: AsyncIterable<Uint8Array>): Promise<void> {
  const pieces = body[Symbol.asyncIterator]();
  await pieces.next().catch(() => undefined);
  await pieces.return?.().catch(() => undefined);
}
