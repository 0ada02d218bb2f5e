import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { extensionOf, readHead } from '../../../src/faxes/documents/document-bytes.js';
import { download, type Downloaded } from '../../../src/faxes/documents/download.js';
import type { DocumentAnswer } from '../../../src/faxes/fax-types.js';
import { answerWith, pieces } from '../model-mailbox.js';

const document = Buffer.from('%PDF-1.7 a synthetic document of fifty bytes, really.');
const { length } = document;
const whole: Downloaded = {
  kind: 'whole',
  extension: 'pdf',
  size: length,
  sha256: createHash('sha256').update(document).digest('hex'),
};

/** Downloads with these answers, one after another, and says from which bytes on was asked. */
async function run(answers: DocumentAnswer[], told: number | null = null) {
  const folder = mkdtempSync(join(tmpdir(), 'download-'));
  const file = await open(join(folder, 'part'), 'w');
  const asked: number[] = [];
  const ask = (from: number) => {
    asked.push(from);
    return Promise.resolve(answers[asked.length - 1] ?? answers.at(-1)!);
  };
  try {
    const result = await download(ask, file, told);
    return { result, asked, content: readFileSync(join(folder, 'part')) };
  } finally {
    await file.close();
    rmSync(folder, { recursive: true });
  }
}

const broken = (bytes: number) => answerWith(document, { body: pieces([document.subarray(0, bytes)], true) });
const rest = (from: number, range = `bytes ${from}-${length - 1}/${length}`) =>
  answerWith(document.subarray(from), { status: 206, contentRange: range });

it('a document is whole when its length is that of the answer and it begins like a PDF', async () => {
  expect(await run([answerWith(document)], length)).toEqual({ result: whole, asked: [0], content: document });
});

it('a TIFF of either byte order is a document', async () => {
  for (const first of ['II*\0', 'MM\0*']) {
    const tiff = Buffer.from(`${first} and more`, 'latin1');
    expect((await run([answerWith(tiff)])).result).toMatchObject({ kind: 'whole', extension: 'tif' });
  }
});

it('a document without any told length is whole when its answer ends', async () => {
  expect((await run([answerWith(document, { contentLength: null })])).result).toEqual(whole);
});

it('what broke off is continued from the byte that is missing', async () => {
  expect(await run([broken(20), rest(20)])).toEqual({ result: whole, asked: [0, 20], content: document });
});

it('an answer that ends early without an error is continued too', async () => {
  const early = answerWith(document, { body: pieces([document.subarray(0, 12)]) });
  expect(await run([early, rest(12)])).toMatchObject({ result: whole, asked: [0, 12], content: document });
});

it('a whole document in answer to a range begins again', async () => {
  expect(await run([broken(20), answerWith(document)])).toEqual({ result: whole, asked: [0, 20], content: document });
});

it.each([
  ['starts elsewhere', `bytes 19-${length - 1}/${length}`],
  ['is of another total', `bytes 20-${length}/${length + 1}`],
  ['ends early', `bytes 20-${length - 2}/${length}`],
  ['tells no total', `bytes 20-${length - 1}/*`],
  ['is not there', null],
])('a 206 whose Content-Range %s is not appended', async (_name, contentRange) => {
  const wrong = { ...rest(20), contentRange };
  expect(await run([broken(20), wrong as DocumentAnswer, answerWith(document)])).toEqual({
    result: whole,
    asked: [0, 20, 0],
    content: document,
  });
});

it('what broke off without a told length begins again', async () => {
  const first = { ...broken(20), contentLength: null } as DocumentAnswer;
  expect(await run([first, answerWith(document)])).toMatchObject({ result: whole, asked: [0, 0], content: document });
});

it('a document that begins again keeps nothing of the first try, if it is shorter now', async () => {
  const longer = answerWith(document, { contentLength: null, body: pieces([document, Buffer.from('more')], true) });
  expect(await run([longer, answerWith(document)])).toEqual({ result: whole, asked: [0, 0], content: document });
});

it('a disk that is full while a document is written ends the download with its code, and nothing is asked again', async () => {
  const full = { write: () => Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC' })) };
  const file = { ...full, truncate: () => Promise.resolve() } as unknown as FileHandle;
  let asked = 0;
  const ask = () => Promise.resolve(((asked += 1), answerWith(document)));
  await expect(download(ask, file, null)).rejects.toMatchObject({ code: 'ENOSPC' });
  expect(asked).toBe(1);
});

it('a document that always ends early fails', async () => {
  const { result, asked } = await run([
    broken(20),
    ...[20, 20, 20].map(() => ({ ...rest(20), body: pieces([], true) })),
  ]);
  expect(result).toEqual({ kind: 'failed', reason: 'ended_early' });
  expect(asked).toEqual([0, 20, 20, 20]);
});

it('a document that is longer than told fails', async () => {
  const body = pieces([document, Buffer.from('more')]);
  expect((await run([answerWith(document, { body })])).result).toEqual({ kind: 'failed', reason: 'longer_than_told' });
});

it('a document of another length than the listing says fails', async () => {
  expect((await run([answerWith(document)], length + 1)).result).toEqual({ kind: 'failed', reason: 'other_length' });
});

it('a compressed answer is no document', async () => {
  const { result } = await run([answerWith(document, { contentEncoding: 'gzip' })]);
  expect(result).toEqual({ kind: 'failed', reason: 'unusable_answer' });
});

it('an answer that is left is closed', async () => {
  let closed = 0;
  async function* body() {
    try {
      yield await Promise.resolve(Buffer.from('<html>'));
      yield Buffer.from('more');
    } finally {
      closed += 1;
    }
  }
  await run([answerWith(document, { body: body() })]);
  const encoded = () => answerWith(document, { contentEncoding: 'br', body: body() });
  await run([encoded(), encoded(), encoded(), encoded()]);
  expect(closed).toBe(5);
});

it('however a connection breaks, what becomes whole is equal to the document byte by byte', async () => {
  const cuts = fc.array(fc.integer({ min: 0, max: length }), { minLength: 1, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(cuts, fc.boolean(), async (lengths, honors) => {
      let at = 0;
      const answers = lengths.map((more) => {
        const from = honors ? at : 0;
        const to = Math.min(length, from + more);
        const head = from > 0 ? rest(from) : answerWith(document);
        at = to === 0 && from === 0 ? 0 : to;
        return { ...head, body: pieces([document.subarray(from, to)], true) };
      });
      const { result, content } = await run([...answers, honors && at > 0 ? rest(at) : answerWith(document)]);
      expect(result).toEqual(whole);
      expect(content).toEqual(document);
    }),
    { numRuns: 60 },
  );
});

it('no first bytes but those of PDF and TIFF make a document', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 8 }), (bytes) => {
      const text = Buffer.from(bytes).toString('latin1');
      const isFax = text.startsWith('%PDF-') || text.startsWith('II*\0') || text.startsWith('MM\0*');
      expect(extensionOf(bytes) !== null).toBe(isFax);
    }),
  );
});

it('only the range that continues the same document is appended', () => {
  fc.assert(
    fc.property(fc.nat(40), fc.nat(40), fc.nat(40), fc.nat(40), fc.nat(40), (received, total, first, last, told) => {
      const head = { status: 206 as const, contentLength: null, contentEncoding: null };
      const meaning = readHead({ ...head, contentRange: `bytes ${first}-${last}/${told}` }, { received, total });
      const continues = received > 0 && first === received && told === total && last === total - 1;
      expect(meaning.kind).toBe(continues ? 'append' : 'discard');
    }),
    { examples: [[20, 40, 20, 39, 40]] },
  );
});
