import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { documentStem, isId, withAccount, type DocumentId } from './document-path.js';
import type { FaxLine } from '../fax-types.js';

/** What the JSON file beside a document says. `record` is the message as RingCentral listed it, and names people. */
export type Beside = {
  external_ref: string;
  account_id: string;
  extension_id: string;
  message_id: string;
  attachment_id: string;
  created_at: string;
  first_listed_at: string;
  fetched_at: string;
  /** The name of the document in the same folder. */
  file: string;
  size: number;
  sha256: string;
  record: unknown;
};

export const lineOf = (beside: Beside): FaxLine => ({
  accountId: beside.account_id,
  extensionId: beside.extension_id,
  externalRef: beside.external_ref,
});
export const documentOf = (beside: Beside): DocumentId => ({
  messageId: beside.message_id,
  attachmentId: beside.attachment_id,
});

/** A time as the pull writes it. */
export const isTime = (value: unknown): boolean =>
  typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/.test(value);

/** Reads a JSON file of the pull; null if it is not one, or does not belong to where it is. */
export async function readBeside(dir: string, path: string): Promise<Beside | null> {
  const text = await readFile(join(dir, path), 'utf8').catch((error: unknown) => {
    if ((error as { code?: unknown }).code === 'ENOENT') return null;
    throw error;
  });
  const beside = text === null ? null : parsed(text);
  if (!beside) return null;
  const usual = documentStem(lineOf(beside), beside.created_at, documentOf(beside));
  const isHere = [usual, withAccount(usual, lineOf(beside))].some(
    (stem) => `${stem}.json` === path && [`${basename(stem)}.pdf`, `${basename(stem)}.tif`].includes(beside.file),
  );
  return isHere ? beside : null;
}

export const pathOfDocument = (besidePath: string, { file }: Beside): string => `${dirname(besidePath)}/${file}`;

function parsed(text: string): Beside | null {
  let value: Partial<Beside> | null;
  try {
    value = JSON.parse(text) as Partial<Beside> | null;
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null || typeof value.external_ref !== 'string') return null;
  const ids = [value.account_id, value.extension_id, value.message_id, value.attachment_id];
  const times = [value.created_at, value.first_listed_at, value.fetched_at];
  const isSound =
    ids.every(isId) &&
    times.every(isTime) &&
    Number.isSafeInteger(value.size) &&
    typeof value.sha256 === 'string' &&
    /^[0-9a-f]{64}$/.test(value.sha256);
  return isSound ? (value as Beside) : null;
}

/** `taken_away`: there is no such file, because the ISV's own software may move documents. */
export type Finding = 'ok' | 'taken_away' | 'damaged';

/** Compares a file with what the set knows about it. Reads it piece by piece. */
export async function compareFile(path: string, { size, sha256 }: { size: number; sha256: string }): Promise<Finding> {
  const finding = await compareSize(path, size);
  if (finding !== 'ok') return finding;
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  return hash.digest('hex') === sha256 ? 'ok' : 'damaged';
}

export async function compareSize(path: string, size: number): Promise<Finding> {
  const found = await statOf(path);
  if (found === null) return 'taken_away';
  return found.isFile() && found.size === size ? 'ok' : 'damaged';
}

export const isThere = async (path: string): Promise<boolean> => (await statOf(path)) !== null;

const statOf = (path: string) =>
  stat(path).catch((error: unknown) => {
    if (['ENOENT', 'ENOTDIR'].includes(String((error as { code?: unknown }).code))) return null;
    throw error;
  });
