import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { fetchAgain } from '../../../src/faxes/line/fetch-fax.js';
import { lockFolder } from '../../../src/faxes/set/folder-lock.js';
import { openSet } from '../../../src/faxes/set/open-set.js';
import { verifyFolder } from '../../../src/faxes/set/verify.js';
import { answerWith, attachmentOf, line, pdfOf } from '../model-mailbox.js';
import { Bench, DAY } from '../support.js';

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.remove());

const FOLDER = 'clinic-1/63304567004/2026/11';
const at = (path: string) => join(bench.dir, path);
const state = (name: string) => at(`.latchkey/${name}`);

describe('the lock of a folder', () => {
  it('is held by one pull at a time, and free again when it is released', async () => {
    const first = await lockFolder(bench.dir);
    expect(first).not.toBeNull();
    expect(await lockFolder(bench.dir)).toBeNull();
    first?.release();
    const again = await lockFolder(bench.dir);
    expect(again).not.toBeNull();
    again?.release();
    expect(statSync(state('lock.db')).mode & 0o777).toBe(0o600);
  });

  it('is not made in a folder that does not exist', async () => {
    await expect(lockFolder(at('absent'))).rejects.toMatchObject({ name: 'FolderError', code: 'ENOENT' });
    expect(existsSync(at('absent'))).toBe(false);
  });
});

it('every write of the set is on the disk when it returns', async () => {
  await bench.set();
  const db = new Database(state('pulled.db'), { readonly: true });
  expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
  db.close();
  expect((await openSet(bench.dir, bench.now)).set.isDurable()).toBe(true);
});

describe('a set that is lost or damaged', () => {
  const pullThree = async () => {
    bench.mailbox.add({ id: '5', attachments: [attachmentOf('5'), attachmentOf('6')] });
    bench.mailbox.add({ id: '7' });
    await bench.pull();
    bench.mailbox.asked = [];
    bench.end();
  };
  const expectNothingFetched = async () => {
    expect(await bench.pull()).toMatchObject({ listed: 2, new: 0, fetched: 0, pending: 0 });
    expect(bench.mailbox.documentsAsked()).toEqual([]);
  };

  it('is rebuilt from the JSON files without fetching, when it is lost', async () => {
    await pullThree();
    rmSync(at('.latchkey'), { recursive: true });
    const opened = await openSet(bench.dir, bench.now);
    expect(opened.rebuilt).toEqual({ documents: 3, unfinished: 0, gaps: 0, wasDamaged: false });
    opened.set.close();
    await expectNothingFetched();
  });

  it('is rebuilt and kept aside, when it is damaged', async () => {
    await pullThree();
    writeFileSync(state('pulled.db'), Buffer.alloc(20_000, 'damage'));
    await expectNothingFetched();
    expect(readdirSync(at('.latchkey'))).toContain('pulled.db.damaged-20261130T020000000Z');
  });

  it('is rebuilt to its end, when the rebuilding was interrupted', async () => {
    await pullThree();
    const db = new Database(state('pulled.db'));
    db.exec("delete from documents where attachment = '6'; delete from messages where message = '7'");
    db.pragma('user_version = 0');
    db.close();
    await expectNothingFetched();
  });

  it('holds a document that was taken away, and fetches one that is cut or has no JSON file', async () => {
    await pullThree();
    rmSync(at('.latchkey'), { recursive: true });
    rmSync(at(`${FOLDER}/5-5.pdf`));
    writeFileSync(at(`${FOLDER}/5-6.pdf`), '%PDF-');
    rmSync(at(`${FOLDER}/7-7.json`));
    expect(await bench.pull()).toMatchObject({ fetched: 2 });
    expect(bench.mailbox.documentsAsked()).toEqual(['document 5-6', 'document 7-7']);
    expect(readFileSync(at(`${FOLDER}/5-6.pdf`))).toEqual(pdfOf('6'));
  });

  it.each([
    ['no JSON', '{'],
    ['another JSON', '{"hello":1}'],
    ['ids of another document', null],
  ])('does not believe a JSON file with %s', async (_name, text) => {
    await pullThree();
    rmSync(at('.latchkey'), { recursive: true });
    const path = at(`${FOLDER}/7-7.json`);
    writeFileSync(path, text ?? readFileSync(path, 'utf8').replaceAll('"7"', '"../7"'));
    mkdirSync(at('clinic-1/63304567004/notes'), { recursive: true });
    expect(await bench.pull()).toMatchObject({ fetched: 1 });
  });
});

it('a document that is on the disk whole is not fetched again, when a kill kept it out of the set', async () => {
  bench.mailbox.add({ id: '5' });
  const set = await bench.set();
  const killed = {
    ...set,
    addDocument: () => {
      throw new Error('killed');
    },
  };
  await expect(bench.pull({ set: killed })).rejects.toThrow('killed');
  bench.mailbox.asked = [];
  expect(await bench.pull()).toMatchObject({ fetched: 1 });
  expect(bench.mailbox.documentsAsked()).toEqual([]);
});

it('a .part file that a kill left is not taken for a document, and disappears', async () => {
  bench.mailbox.add({ id: '5' });
  mkdirSync(at(FOLDER), { recursive: true });
  writeFileSync(at(`${FOLDER}/5-5.part`), pdfOf('5').subarray(0, 20));
  await bench.pull();
  expect(bench.files()).toEqual([`${FOLDER}/5-5.json`, `${FOLDER}/5-5.pdf`]);
  expect(readFileSync(at(`${FOLDER}/5-5.pdf`))).toEqual(pdfOf('5'));
});

it('verify tells a document that was taken away from one that is damaged', async () => {
  for (const id of ['5', '6', '7', '8']) bench.mailbox.add({ id });
  await bench.pull();
  rmSync(at(`${FOLDER}/5-5.pdf`));
  writeFileSync(at(`${FOLDER}/6-6.pdf`), '%PDF-');
  writeFileSync(at(`${FOLDER}/7-7.pdf`), Buffer.from(pdfOf('7')).fill('x', 10, 12));
  const findings: unknown[] = [];
  for await (const { path, finding } of verifyFolder(await bench.set(), bench.dir)) findings.push([path, finding]);
  expect(findings).toEqual([
    [`${FOLDER}/5-5.pdf`, 'taken_away'],
    [`${FOLDER}/6-6.pdf`, 'damaged'],
    [`${FOLDER}/7-7.pdf`, 'damaged'],
    [`${FOLDER}/8-8.pdf`, 'ok'],
  ]);
});

it('verify names a JSON file that is gone', async () => {
  bench.mailbox.add({ id: '5' });
  await bench.pull();
  rmSync(at(`${FOLDER}/5-5.json`));
  const findings: unknown[] = [];
  for await (const { path, finding } of verifyFolder(await bench.set(), bench.dir)) findings.push([path, finding]);
  expect(findings).toEqual([
    [`${FOLDER}/5-5.pdf`, 'ok'],
    [`${FOLDER}/5-5.json`, 'taken_away'],
  ]);
});

describe('one fax fetched again', () => {
  const again = async () => {
    const set = await bench.set();
    const fax = set.message(line, '5')!;
    return fetchAgain(line, fax, bench.now().toISOString(), { calls: bench.mailbox.calls, set, dir: bench.dir });
  };

  it('replaces its documents and their JSON files', async () => {
    bench.mailbox.add({ id: '5' });
    await bench.pull();
    writeFileSync(at(`${FOLDER}/5-5.pdf`), 'damaged');
    expect((await bench.set()).linesWith('5')).toEqual([line]);
    expect(await again()).toEqual({ kind: 'done' });
    expect(readFileSync(at(`${FOLDER}/5-5.pdf`))).toEqual(pdfOf('5'));
    expect(JSON.parse(readFileSync(at(`${FOLDER}/5-5.json`), 'utf8'))).toMatchObject({
      record: { from: { name: 'Planted Patient' } },
    });
  });

  it('replaces a TIFF that RingCentral has as PDF now', async () => {
    const fax = bench.mailbox.add({ id: '5' });
    const tiff = Buffer.from('II*\0 a synthetic fax');
    fax.attachments = [{ id: '5', uri: null, size: null }];
    fax.answers.set('5', () => answerWith(tiff));
    await bench.pull();
    writeFileSync(at(`${FOLDER}/5-6.tif`), 'of another program');
    fax.answers.clear();
    expect(await again()).toEqual({ kind: 'done' });
    expect(bench.files()).toEqual([`${FOLDER}/5-5.json`, `${FOLDER}/5-5.pdf`, `${FOLDER}/5-6.tif`]);
    expect((await bench.set()).documentPath(line, '5', '5')).toBe(`${FOLDER}/5-5.pdf`);
  });

  it('is not done without an attachment that RingCentral no longer lists', async () => {
    const fax = bench.mailbox.add({ id: '5', attachments: [attachmentOf('5'), attachmentOf('6')] });
    fax.answers.set('6', () => ({ kind: 'refused', status: 403, code: null }));
    await bench.pull();
    fax.attachments = [attachmentOf('5')];
    expect(await again()).toEqual({ kind: 'failed', reason: 'refused 403' });
    expect((await bench.set()).countsOf(line)).toMatchObject({ failed: 1 });
  });

  it('is asked for by the last name of its clinic', async () => {
    bench.mailbox.add({ id: '5' });
    await bench.pull();
    const renamed = { ...line, externalRef: 'clinic-1-renamed' };
    await bench.pull({}, renamed);
    expect((await bench.set()).linesWith('5')).toEqual([renamed]);
  });

  it('stays done, if RingCentral has it no longer', async () => {
    const fax = bench.mailbox.add({ id: '5' });
    await bench.pull();
    fax.isHidden = true;
    expect(await again()).toEqual({ kind: 'gone' });
    expect(await bench.pull()).toMatchObject({ pending: 0, lost: 0 });
    expect(bench.files()).toHaveLength(2);
  });
});

it('the set tells for each line when it was listed, what is missing since when, and its gaps', async () => {
  bench.mailbox.rules = { cap: 2, drops: 'oldest', dropsAre: 'hidden', countsDeleted: false };
  bench.mailbox.add({ id: '4' });
  bench.mailbox.add({ id: '5', attachments: [] });
  await bench.pull({ cap: 2 });
  bench.mailbox.now += DAY;
  for (const id of ['6', '7', '8']) bench.mailbox.add({ id });
  expect(await bench.pull({ cap: 2 })).toMatchObject({ gaps: 1 });
  const set = await bench.set();
  expect(set.knownLines()).toEqual([
    { line, lastCompleteAt: '2026-12-01T02:12:30.000Z', lastRunAt: '2026-12-01T02:12:30.000Z', fill: 2 },
  ]);
  expect(set.unfinishedOf(line)).toEqual([
    {
      messageId: '5',
      verdict: 'pending',
      since: '2026-11-30T02:00:00.000Z',
      reason: 'not_found',
      createdAt: '2026-11-30T02:00:00.000Z',
    },
  ]);
  expect(set.gapsOf(line)).toEqual([
    { from: '2026-10-31T02:00:00.000Z', to: '2026-12-01T02:12:30.000Z', since: '2026-11-30T02:00:00.000Z' },
  ]);
});
