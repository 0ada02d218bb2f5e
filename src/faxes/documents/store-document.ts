import { basename, dirname, join } from 'node:path';
import { rename } from 'node:fs/promises';
import { compareFile, pathOfDocument, readBeside, type Beside } from './beside.js';
import { documentStem, withAccount } from './document-path.js';
import { download, type Ask, type Downloaded } from './download.js';
import { makeFolders, openPart, remove, syncFolder, writeWhole } from './durable-file.js';
import type { FaxLine } from '../fax-types.js';

/** A document to be fetched. */
export type Wanted = {
  line: FaxLine;
  messageId: string;
  attachmentId: string;
  createdAt: string;
  firstListedAt: string;
  /** The size by the listing, if it tells one. */
  told: number | null;
  record: unknown;
};
export type Stored = { kind: 'stored'; path: string; size: number; sha256: string };

/**
 * Fetches a document and puts it on the disk, whole or not at all: into a `.part` file that becomes the document by a
 * rename, and then the JSON file beside it. It is durable when this returns, so that the set may say so.
 */
export async function storeDocument(
  dir: string,
  wanted: Wanted,
  ask: Ask,
  fetchedAt: string,
): Promise<Stored | Exclude<Downloaded, { kind: 'whole' }>> {
  const { line, messageId, attachmentId, createdAt } = wanted;
  const stem = await stemOf(dir, wanted);
  const folder = await makeFolders(dir, dirname(stem));
  const part = join(dir, `${stem}.part`);
  const file = await openPart(part);
  let downloaded: Downloaded;
  try {
    downloaded = await download(ask, file, wanted.told);
    if (downloaded.kind === 'whole') await file.sync();
  } catch (error) {
    await remove(part).catch(() => undefined); // on a full disk its bytes are needed
    throw error;
  } finally {
    await file.close();
  }
  if (downloaded.kind !== 'whole') {
    await remove(part);
    return downloaded;
  }
  const { extension, size, sha256 } = downloaded;
  const path = `${stem}.${extension}`;
  await rename(part, join(dir, path));
  // After the document: a set that is rebuilt believes the JSON file.
  const beside: Beside = {
    external_ref: line.externalRef,
    account_id: line.accountId,
    extension_id: line.extensionId,
    message_id: messageId,
    attachment_id: attachmentId,
    created_at: createdAt,
    first_listed_at: wanted.firstListedAt,
    fetched_at: fetchedAt,
    file: basename(path),
    size,
    sha256,
    record: wanted.record,
  };
  await syncFolder(folder);
  await writeWhole(join(dir, `${stem}.json`), `${JSON.stringify(beside, null, 2)}\n`);
  await syncFolder(folder);
  return { kind: 'stored', path, size, sha256 };
}

/** A document that is on the disk already, whole, because a pull was killed before it could note it. */
export async function findStored(dir: string, wanted: Wanted): Promise<Stored | null> {
  const besidePath = `${await stemOf(dir, wanted)}.json`;
  const beside = await readBeside(dir, besidePath);
  if (!beside) return null;
  const path = pathOfDocument(besidePath, beside);
  const finding = await compareFile(join(dir, path), beside);
  return finding === 'ok' ? { kind: 'stored', path, size: beside.size, sha256: beside.sha256 } : null;
}

/** With the account in its name, if the usual place has a document of another one. */
async function stemOf(dir: string, { line, createdAt, messageId, attachmentId }: Wanted): Promise<string> {
  const usual = documentStem(line, createdAt, { messageId, attachmentId });
  const beside = await readBeside(dir, `${usual}.json`);
  return beside && beside.account_id !== line.accountId ? withAccount(usual, line) : usual;
}

/** Removes what a document replaced that is of another kind: a fax that was TIFF and is PDF now. */
export async function removeReplaced(dir: string, before: string | null, { path }: Stored): Promise<void> {
  const stem = (name: string) => name.replace(/\.(pdf|tif)$/, '');
  if (before === null || before === path || stem(before) !== stem(path)) return;
  await remove(join(dir, before));
  await syncFolder(join(dir, dirname(before)));
}
