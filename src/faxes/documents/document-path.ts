import { folderName } from './folder-name.js';
import type { FaxLine } from '../fax-types.js';

/** What identifies a document. */
export type DocumentId = { messageId: string; attachmentId: string };

/** Ids that may be part of a path. RingCentral's are digits; 20 hold every 64-bit integer. */
export const isId = (text: unknown): text is string => typeof text === 'string' && /^\d{1,20}$/.test(text);

/**
 * Where a document goes, below the folder of the pull and without its extension. Made of ids and the time only.
 *
 * @param createdAt ISO 8601 UTC; its year and month are folders
 * @throws {TypeError} if an id is no id: no document is ever written elsewhere
 */
export function documentStem(line: FaxLine, createdAt: string, { messageId, attachmentId }: DocumentId): string {
  const [year, month] = /^(\d{4})-(\d{2})-/.exec(createdAt)?.slice(1) ?? [];
  if (![line.extensionId, messageId, attachmentId].every(isId) || year === undefined || month === undefined)
    throw new TypeError('not the ids or the time of a document');
  return [folderName(line.externalRef), line.extensionId, year, month, `${messageId}-${attachmentId}`].join('/');
}

/** For a document whose usual place has one of another account with the same ids. */
export function withAccount(stem: string, { accountId }: Pick<FaxLine, 'accountId'>): string {
  if (!isId(accountId)) throw new TypeError('not the id of an account');
  return `${stem}-${accountId}`;
}
