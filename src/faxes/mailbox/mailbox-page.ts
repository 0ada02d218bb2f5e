import { readJson } from '../../client/client.js';
import { isId } from '../documents/document-path.js';
import type { Attachment, Availability, ListedFax, ListedPage, Unanswered } from '../fax-types.js';

type Fields = Record<string, unknown>;
const availabilities: Record<string, Availability> = { alive: 'alive', deleted: 'deleted', purged: 'purged' };
const NO_PAGE: Unanswered = { kind: 'inconclusive', reason: 'not_a_page' };

/**
 * Reads a page of the message store. Only JSON with `records` and `paging` is a page: anything else may come from
 * something in between, and an empty list must not be read into it.
 *
 * @param at the answer's `Date` as ISO 8601 UTC
 */
export function readListedPage(text: string, at: string | null): ListedPage | Unanswered {
  const body = fieldsOf(parsed(text));
  const paging = fieldsOf(body?.['paging']);
  const records = body?.['records'];
  const counts = paging && countsOf(paging);
  if (!counts || !Array.isArray(records)) return NO_PAGE;
  const page: ListedPage = { kind: 'page', faxes: [], others: [], unreadable: 0, paging: counts, at };
  for (const record of records) {
    const fax = faxOf(record);
    if (fax === null) page.unreadable += 1;
    else if (isInboundFax(fax.record as Fields)) page.faxes.push(fax);
    else page.others.push(fax.id);
  }
  return page;
}

/** Reads one message; null if it is no inbound fax with an id. */
export function readListedFax(text: string): ListedFax | null {
  const fax = faxOf(parsed(text));
  return fax && isInboundFax(fax.record as Fields) ? fax : null;
}

/** Null unless the answer says how many records there are. Without `totalPages`, `perPage` says how many pages. */
function countsOf(paging: Fields): ListedPage['paging'] | null {
  const [totalElements, totalPages, perPage] = ['totalElements', 'totalPages', 'perPage'].map((name) =>
    countOf(paging[name]),
  );
  if (totalElements === undefined || totalElements === null) return null;
  if (typeof totalPages === 'number') return { totalElements, totalPages };
  return perPage ? { totalElements, totalPages: Math.ceil(totalElements / perPage) } : null;
}

/** Null if the ids of the record are no ids. Whatever else is missing does not matter. */
function faxOf(record: unknown): ListedFax | null {
  const fields = fieldsOf(record);
  const id = fields?.['id'];
  if (!fields || !isId(id)) return null;
  const listed = fields['attachments'];
  const attachments = Array.isArray(listed) ? listed.map(attachmentOf) : [];
  if (attachments.includes(null)) return null;
  return {
    id,
    creationTime: timeOf(fields['creationTime']),
    availability: availabilities[textOf(fields['availability']).toLowerCase()] ?? 'alive',
    attachments: attachments.filter((one) => one !== null),
    record,
  };
}

function attachmentOf(record: unknown): Attachment | null {
  const { id, uri, size } = fieldsOf(record) ?? {};
  if (!isId(id)) return null;
  return { id, uri: typeof uri === 'string' ? uri : null, size: countOf(size) };
}

/** A filter that RingCentral ignored must not make faxes of other messages. A missing field excludes nothing. */
const isInboundFax = ({ type, direction }: Fields): boolean =>
  ['', 'fax'].includes(textOf(type).toLowerCase()) && ['', 'inbound'].includes(textOf(direction).toLowerCase());

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const countOf = (value: unknown): number | null =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
const fieldsOf = (value: unknown): Fields | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;

/** A time without an offset is UTC, wherever this runs. A year of more than four digits would make another folder. */
function timeOf(value: unknown): string | null {
  const text = textOf(value);
  if (!/^\d{4}-\d{2}-\d{2}T[\d:.Z+-]+$/.test(text)) return null;
  const time = text.slice(11);
  const at = new Date(/[Z+-]/.test(time) ? text.replace(/([+-]\d{2})(\d{2})$/, '$1:$2') : `${text}Z`);
  return Number.isNaN(at.getTime()) || !/^\d{4}-/.test(at.toISOString()) ? null : at.toISOString();
}

function parsed(text: string): unknown {
  try {
    return readJson(text);
  } catch {
    return null;
  }
}
