import { opendir } from 'node:fs/promises';
import { join } from 'node:path';
import type { PulledSet } from './pulled-set.js';
import { compareSize, documentOf, lineOf, pathOfDocument, readBeside } from '../documents/beside.js';

/** The folders between the folder of the pull and a JSON file: clinic, extension, year, month. */
const levels = [/^[^.]/, /^\d+$/, /^\d{4}$/, /^\d{2}$/];

/**
 * Fills a set from the JSON files, without fetching anything. A document that is not there was taken away and counts as
 * fetched; one of another length is fetched again. Interrupted and repeated, it comes to the same.
 *
 * @returns how many documents it found
 */
export async function rebuild(set: PulledSet, dir: string): Promise<number> {
  let found = 0;
  for await (const path of jsonFiles(dir, '', levels)) {
    const beside = await readBeside(dir, path);
    if (!beside) continue;
    const document = pathOfDocument(path, beside);
    if ((await compareSize(join(dir, document), beside.size)) === 'damaged') continue;
    const { messageId, attachmentId } = documentOf(beside);
    const { size, sha256 } = beside;
    set.restore(lineOf(beside), {
      message: messageId,
      createdAt: beside.created_at,
      firstListedAt: beside.first_listed_at,
      attachment: { id: attachmentId, uri: null, size },
      document: { attachmentId, path: document, size, sha256 },
      doneAt: beside.fetched_at,
    });
    found += 1;
  }
  return found;
}

async function* jsonFiles(dir: string, path: string, [level, ...below]: RegExp[]): AsyncGenerator<string, void> {
  for await (const entry of await opendir(join(dir, path))) {
    const inside = path === '' ? entry.name : `${path}/${entry.name}`;
    if (level === undefined) {
      if (entry.isFile() && entry.name.endsWith('.json')) yield inside;
    } else if (entry.isDirectory() && level.test(entry.name)) yield* jsonFiles(dir, inside, below);
  }
}
