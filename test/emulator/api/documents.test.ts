import { request } from 'node:http';
import type { FaultInput } from '../../../src/emulator/traffic/faults.js';
import type { Message } from '../../../src/emulator/world/mailbox-types.js';
import { aRingCentral, codes, type Cast } from '../cast.js';

let cast: Cast;
let token: string;
let fax: Message;
let whole: Buffer;
beforeEach(async () => {
  cast = await aRingCentral({ limits: 'generous' });
  token = (await cast.mint())['access_token'] ?? '';
  fax = cast.emulator.deliverFax(cast.line.id);
  whole = cast.emulator.documentOf(fax);
});
afterEach(() => cast.emulator.close());

const uri = (query = '') => `${cast.url}${cast.emulator.contentPath(fax)}${fax.attachments[0]!.id}${query}`;
const get = (headers: Record<string, string> = {}, query = '') =>
  fetch(uri(query), { headers: { authorization: `Bearer ${token}`, ...headers } });
const bytes = async (response: Response) => Buffer.from(await response.arrayBuffer());
const fault = (input: Omit<FaultInput, 'path'>) =>
  cast.emulator.faults.add({ ...input, path: cast.emulator.contentPath(fax) });

/** The answer as it is on the wire, without the checks of a client. */
const raw = (range?: string) =>
  new Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; body: Buffer; isWhole: boolean }>(
    (resolve) => {
      const headers = { authorization: `Bearer ${token}`, ...(range === undefined ? {} : { range }) };
      request(uri(), { headers }, (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('error', () => undefined);
        response.on('close', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(parts),
            isWhole: response.complete,
          }),
        );
      }).end();
    },
  );

it('answers a range with 206, the part, and where it is', async () => {
  const parts: [range: string, start: number, end: number][] = [
    ['bytes=0-9', 0, 9],
    ['bytes=100-', 100, whole.length - 1],
    ['bytes=-20', whole.length - 20, whole.length - 1],
    ['bytes=100-999999', 100, whole.length - 1],
  ];
  for (const [range, start, end] of parts) {
    const part = await get({ range });
    expect([part.status, part.headers.get('content-range'), part.headers.get('content-length')]).toEqual([
      206,
      `bytes ${start}-${end}/${whole.length}`,
      String(end - start + 1),
    ]);
    expect(await bytes(part)).toEqual(whole.subarray(start, end + 1));
  }
  const beyond = await get({ range: `bytes=${whole.length}-` });
  expect([beyond.headers.get('content-range'), ...(await codes(beyond))]).toEqual([
    `bytes */${whole.length}`,
    416,
    'CMN-107',
    'CMN-107',
  ]);
});

it('names the file as `contentDisposition` asks', async () => {
  const named = await get({}, '?contentDisposition=Attachment&contentDispositionFilename=fax 1.pdf');
  expect(named.headers.get('content-disposition')).toBe('attachment; filename="fax_1.pdf"');
  const shown = await get({}, '?contentDisposition=Inline');
  expect(shown.headers.get('content-disposition')).toBe(`inline; filename="${fax.id}.pdf"`);
  expect((await get()).headers.get('content-disposition')).toBeNull();
  expect((await codes(await get({}, '?contentDisposition=Else')))[0]).toBe(400);
});

it('is a TIFF if the user has chosen it, and has the size that was asked for', async () => {
  cast.line.faxFormat = 'tiff';
  fax = cast.emulator.deliverFax(cast.line.id, { attachments: [{ padding: 10_000 }], text: 'Synthetic Patient One' });
  const answer = await get({}, '?contentDisposition=Inline');
  const tiff = await bytes(answer);
  expect([answer.headers.get('content-type'), answer.headers.get('content-disposition')]).toEqual([
    'image/tiff',
    `inline; filename="${fax.id}.tif"`,
  ]);
  expect(tiff.subarray(0, 4).toString('latin1')).toBe('II*\0');
  expect(tiff.length).toBeGreaterThan(10_000);
  expect(tiff.toString('latin1')).toContain(`Synthetic fax ${fax.id}. Synthetic Patient One`);
});

describe('a fault of one document', () => {
  it('cut: the connection ends before the promised length', async () => {
    fault({ kind: 'document_cut', bytes: 100, count: 1 });
    const { headers, body, isWhole } = await raw();
    expect([headers['content-length'], isWhole]).toEqual([String(whole.length), false]);
    expect(body).toEqual(whole.subarray(0, 100));
    expect(await bytes(await get())).toEqual(whole);
  });

  it('short, long, no length: complete answers of another size, or without one', async () => {
    fault({ kind: 'document_short', count: 1 });
    const short = await raw();
    expect([short.body.length, short.isWhole]).toEqual([Math.floor(whole.length / 2), true]);
    fault({ kind: 'document_long', bytes: 7, count: 1 });
    const long = await raw();
    expect([long.body.length, long.headers['content-length']]).toEqual([whole.length + 7, String(whole.length + 7)]);
    fault({ kind: 'document_no_length', count: 1 });
    const unknown = await raw();
    expect([unknown.headers['content-length'], unknown.body]).toEqual([undefined, whole]);
  });

  it('slow: in small parts, with a pause after each', async () => {
    fault({ kind: 'document_slow', bytes: Math.ceil(whole.length / 4), delayMs: 5 });
    const startedAt = performance.now();
    expect(await bytes(await get())).toEqual(whole);
    expect(performance.now() - startedAt).toBeGreaterThan(14);
  });

  it('a range that is ignored, shifted, or of another document', async () => {
    const range = 'bytes=50-';
    fault({ kind: 'range_ignored', count: 1 });
    const ignored = await raw(range);
    expect([ignored.status, ignored.headers['content-range'], ignored.body]).toEqual([200, undefined, whole]);
    fault({ kind: 'range_shifted', count: 1 });
    const shifted = await raw(range);
    expect([shifted.status, shifted.headers['content-range']]).toEqual([
      206,
      `bytes 49-${whole.length - 1}/${whole.length}`,
    ]);
    expect(shifted.body).toEqual(whole.subarray(49));
    fault({ kind: 'range_resized', count: 1 });
    const resized = await raw(range);
    expect([resized.status, resized.headers['content-range']]).toEqual([
      206,
      `bytes 50-${whole.length - 1}/${whole.length + 1}`,
    ]);
  });

  it('HTML or JSON in its place, with status 200', async () => {
    fault({ kind: 'html', status: 200, count: 1 });
    const html = await raw();
    expect([html.status, html.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    fault({ kind: 'json_list', count: 1 });
    const json = await raw();
    expect([json.status, json.body.toString()]).toEqual([200, '[]']);
  });

  it('affects no other document', async () => {
    fault({ kind: 'document_cut' });
    fax = cast.emulator.deliverFax(cast.line.id);
    expect(await bytes(await get())).toEqual(cast.emulator.documentOf(fax));
  });
});
