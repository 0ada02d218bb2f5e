import { readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { answerWith, attachmentOf, line, pdfOf } from '../model-mailbox.js';
import { Bench, DAY, HOUR } from '../support.js';

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.remove());

const FOLDER = 'clinic-1/63304567004/2026/11';

it('every fax is fetched once, with a JSON file beside it, and a second run fetches nothing', async () => {
  const { id } = bench.mailbox.add();
  const first = await bench.pull();
  expect(first).toMatchObject({ isComplete: true, problem: null, listed: 1, new: 1, fetched: 1, pending: 0, fill: 1 });
  expect(bench.files()).toEqual([`${FOLDER}/${id}-${id}.json`, `${FOLDER}/${id}-${id}.pdf`]);
  expect(readFileSync(join(bench.dir, `${FOLDER}/${id}-${id}.pdf`))).toEqual(pdfOf(id));
  bench.mailbox.asked = [];
  expect(await bench.pull()).toMatchObject({ listed: 1, new: 0, fetched: 0 });
  expect(bench.mailbox.documentsAsked()).toEqual([]);
});

it('only the owner of the folder can read faxes and the set', async () => {
  const { id } = bench.mailbox.add();
  await bench.pull();
  const mode = (path: string) => statSync(join(bench.dir, path)).mode & 0o777;
  for (const file of [`${FOLDER}/${id}-${id}.pdf`, `${FOLDER}/${id}-${id}.json`, '.latchkey/pulled.db'])
    expect([file, mode(file)]).toEqual([file, 0o600]);
  for (const folder of ['.latchkey', 'clinic-1', FOLDER]) expect([folder, mode(folder)]).toEqual([folder, 0o700]);
});

it('the oldest fax is fetched first, across pages', async () => {
  for (let index = 0; index < 130; index += 1)
    bench.mailbox.add({ createdAt: bench.mailbox.now - (index % 7) * HOUR - index });
  await bench.pull();
  const order = [...bench.mailbox.messages].sort((a, b) => a.createdAt - b.createdAt);
  expect(bench.mailbox.documentsAsked()).toEqual(order.map(({ id }) => `document ${id}-${id}`));
});

it('a deleted fax is fetched like one that is alive', async () => {
  bench.mailbox.add({ availability: 'deleted' });
  expect(await bench.pull()).toMatchObject({ fetched: 1, lost: 0 });
});

it('a purged fax that was never fetched is lost, and one that was fetched is not', async () => {
  const fetched = bench.mailbox.add();
  await bench.pull();
  fetched.availability = 'purged';
  bench.mailbox.add({ availability: 'purged' });
  expect(await bench.pull()).toMatchObject({ fetched: 0, lost: 1, pending: 0, failed: 0 });
});

it('every attachment is fetched, also one that another listing adds', async () => {
  const fax = bench.mailbox.add({ id: '5', attachments: [attachmentOf('5'), attachmentOf('6')] });
  await bench.pull();
  fax.attachments = [attachmentOf('7')];
  expect(await bench.pull()).toMatchObject({ fetched: 1, new: 0 });
  expect(bench.mailbox.documentsAsked()).toEqual(['document 5-5', 'document 5-6', 'document 5-7']);
});

it('a document that is not there yet is asked for after 30 seconds, 2 and 10 minutes, and the fax is pending', async () => {
  const fax = bench.mailbox.add({ id: '5' });
  fax.answers.set('5', () => ({ kind: 'pending' }));
  const waits: number[] = [];
  const wait = (milliseconds: number) => Promise.resolve(waits.push(milliseconds) > 0);
  expect(await bench.pull({ wait })).toMatchObject({
    fetched: 0,
    pending: 1,
    failed: 0,
    oldestPendingAt: '2026-11-30T02:00:00.000Z',
  });
  expect(waits).toEqual([30_000, 120_000, 600_000]);
  expect(bench.mailbox.documentsAsked()).toHaveLength(4);
});

it('a pending fax is asked for outside the window too, until it is there', async () => {
  const fax = bench.mailbox.add({ id: '5', attachments: [] });
  expect(await bench.pull()).toMatchObject({ pending: 1 });
  bench.mailbox.now += 10 * DAY;
  await bench.pull();
  bench.mailbox.now += 10 * DAY;
  fax.attachments = [attachmentOf('5')];
  expect(await bench.pull()).toMatchObject({ listed: 0, fetched: 1, pending: 0 });
});

it('a document that is not found is pending for a day, and the fax is lost from then on', async () => {
  const fax = bench.mailbox.add({ id: '5' });
  fax.answers.set('5', () => ({ kind: 'gone', status: 404 }));
  expect(await bench.pull()).toMatchObject({ pending: 1, lost: 0 });
  bench.mailbox.now += DAY - HOUR;
  expect(await bench.pull()).toMatchObject({ pending: 1, lost: 0 });
  bench.mailbox.now += HOUR;
  expect(await bench.pull()).toMatchObject({ pending: 0, lost: 1, oldestPendingAt: null });
});

it.each([
  ['HTML', Buffer.from('<html>not now</html>')],
  ['JSON', Buffer.from('{"errorCode":"CMN-201"}')],
  ['nothing', Buffer.alloc(0)],
])(
  '%s in place of a document fails the fax, which leaves no file, and the next one is fetched',
  async (_name, bytes) => {
    const bad = bench.mailbox.add({ id: '5', attachments: [{ id: '5', uri: null, size: null }] });
    bad.answers.set('5', () => answerWith(bytes));
    bench.mailbox.add({ id: '6' });
    expect(await bench.pull()).toMatchObject({ fetched: 1, failed: 1, oldestFailedAt: '2026-11-30T02:00:00.000Z' });
    expect(bench.files()).toEqual([`${FOLDER}/6-6.json`, `${FOLDER}/6-6.pdf`]);
    bad.answers.clear();
    expect(await bench.pull()).toMatchObject({ fetched: 1, failed: 0, oldestFailedAt: null });
  },
);

it('nothing more is asked for once the line is over, and what is open is fetched by the next run', async () => {
  for (const id of ['5', '6', '7']) bench.mailbox.add({ id });
  bench.mailbox.messages[1]!.answers.set('6', () => ({ kind: 'over', reason: 'no_token' }));
  expect(await bench.pull()).toMatchObject({ problem: 'no_token', isComplete: true, fetched: 1, pending: 2 });
  expect(bench.mailbox.documentsAsked()).toEqual(['document 5-5', 'document 6-6']);
  bench.mailbox.messages[1]!.answers.clear();
  expect(await bench.pull()).toMatchObject({ problem: null, fetched: 2, pending: 0 });
});

it('a line that RingCentral refuses says so, and its faxes are not counted as failed', async () => {
  bench.mailbox.add();
  bench.mailbox.countAnswer = { kind: 'refused', status: 403, code: 'CMN-419' };
  expect(await bench.pull()).toMatchObject({ problem: 'refused CMN-419', isComplete: false, failed: 0, listed: 0 });
});

it('a fax without a time goes where it was first listed', async () => {
  const { listed } = bench.mailbox;
  bench.mailbox.add({ id: '5' });
  bench.mailbox.listed = (message) => ({ ...listed(message), creationTime: null });
  await bench.pull();
  expect(bench.files()).toContain(`${FOLDER}/5-5.pdf`);
});

it('two accounts with the same ids do not mix', async () => {
  bench.mailbox.add({ id: '5' });
  await bench.pull();
  expect(await bench.pull({}, { ...line, accountId: '1', externalRef: 'clinic-2' })).toMatchObject({ fetched: 1 });
});

it('a fax of another account with the same ids in the same folder replaces no file, and both survive a lost set', async () => {
  bench.mailbox.add({ id: '5' });
  await bench.pull();
  const other = { ...line, accountId: '999' };
  bench.mailbox.messages[0]!.answers.set('5', () => answerWith(pdfOf('other')));
  bench.mailbox.messages[0]!.attachments = [{ id: '5', uri: null, size: pdfOf('other').length }];
  expect(await bench.pull({}, other)).toMatchObject({ fetched: 1 });
  expect(bench.files()).toEqual(
    ['5-5-999.json', '5-5-999.pdf', '5-5.json', '5-5.pdf'].map((name) => `${FOLDER}/${name}`),
  );
  expect(readFileSync(join(bench.dir, FOLDER, '5-5.pdf'))).toEqual(pdfOf('5'));
  expect(readFileSync(join(bench.dir, FOLDER, '5-5-999.pdf'))).toEqual(pdfOf('other'));
  bench.end();
  rmSync(join(bench.dir, '.latchkey'), { recursive: true });
  bench.mailbox.asked = [];
  expect(await bench.pull()).toMatchObject({ fetched: 0, pending: 0 });
  expect(await bench.pull({}, other)).toMatchObject({ fetched: 0, pending: 0 });
  expect(bench.mailbox.documentsAsked()).toEqual([]);
});

it.each(['ENOSPC', 'EROFS', 'SQLITE_FULL'])(
  'a folder that cannot be written to (%s) ends the run, and the next run fetches what was not noted',
  async (code) => {
    for (const id of ['5', '6']) bench.mailbox.add({ id });
    const set = await bench.set();
    const addDocument = () => {
      throw Object.assign(new Error('no room'), { code });
    };
    await expect(bench.pull({ set: { ...set, addDocument } })).rejects.toMatchObject({ name: 'FolderError', code });
    expect(await bench.pull()).toMatchObject({ fetched: 2, failed: 0, pending: 0 });
  },
);

it('a document that cannot be written leaves no .part file, whose room others need', async () => {
  bench.mailbox.add({ id: '5' }).answers.set('5', () => {
    throw Object.assign(new Error('no room'), { code: 'ENOSPC' });
  });
  await expect(bench.pull()).rejects.toMatchObject({ name: 'FolderError', code: 'ENOSPC' });
  expect(bench.files()).toEqual([]);
});

it('a folder that is gone ends the run', async () => {
  bench.mailbox.add();
  const set = await bench.set();
  await expect(bench.pull({ set, dir: join(bench.dir, 'gone') })).rejects.toMatchObject({ code: 'ENOENT' });
});
