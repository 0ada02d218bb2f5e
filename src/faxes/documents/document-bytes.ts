/** How many of the first bytes tell what a document is. */
export const MAGIC_BYTES = 5;

/** What a document is by its first bytes, as the extension of its file; null if it is no fax. */
export function extensionOf(first: Uint8Array): 'pdf' | 'tif' | null {
  const text = Buffer.from(first.subarray(0, MAGIC_BYTES)).toString('latin1');
  if (text === '%PDF-') return 'pdf';
  return /^(II\*\0|MM\0\*)/.test(text) ? 'tif' : null;
}

type Head = {
  status: 200 | 206;
  contentLength: number | null;
  contentRange: string | null;
  contentEncoding: string | null;
};
/** What is known of a document after an earlier answer that broke off. */
export type Begun = { received: number; total: number | null };

/**
 * What the head of an answer means for a document that has begun. `append`: its bytes follow those received; `restart`:
 * they are the whole document from the start; `discard`: they are of no use. `total` is the length of the whole
 * document, if the answer tells it.
 */
export function readHead(head: Head, { received, total }: Begun): HeadMeaning {
  if (head.contentEncoding !== null && !/^(identity)?$/i.test(head.contentEncoding.trim())) return { kind: 'discard' };
  if (head.status === 200) return { kind: 'restart', total: head.contentLength };
  const range = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15})$/.exec(head.contentRange ?? '');
  const [first = -1, last = -1, told = -1] = (range?.slice(1) ?? []).map(Number);
  const isOurs = received > 0 && first === received && told === total && last === told - 1;
  const isWhole = head.contentLength === null || head.contentLength === last - first + 1;
  return isOurs && isWhole ? { kind: 'append', total: told } : { kind: 'discard' };
}

export type HeadMeaning =
  { kind: 'append'; total: number } | { kind: 'restart'; total: number | null } | { kind: 'discard' };
