import type { Request } from 'express';
import { extensionUri } from './account-routes.js';
import { apiErrors, type ApiError } from './api-errors.js';
import type { ApiCall } from './api-guard.js';
import type { Core } from '../core.js';
import { firstOf, listOf, paged, pageOf } from './query-values.js';
import { contentTypeOf, sizeOf } from './synthetic-fax.js';
import { exactNumber } from '../traffic/exact-json.js';
import type { Attachment, Message, Omitted } from '../world/mailbox-types.js';
import type { Extension } from '../world/world-types.js';

/** What the records of mailboxes need of the emulator, so that a test can read them without a server. */
type Mailboxes = Pick<Core, 'world' | 'now'> & { settings: Pick<Core['settings'], 'beforePage'> };

const allowed = {
  availability: ['Alive', 'Deleted', 'Purged'],
  messageType: ['Fax', 'SMS', 'VoiceMail', 'Pager'],
  direction: ['Inbound', 'Outbound'],
  readStatus: ['Read', 'Unread'],
} as const;

export type MessageFilter = Record<keyof typeof allowed, string[]> & {
  dateFrom: Date;
  dateTo: Date;
  phoneNumber: string | undefined;
};

/** Reads the filter from the query. The default of `dateFrom` is 24 hours before `dateTo`. */
export function filterOf(req: Pick<Request, 'query'>, now: Date): MessageFilter | ApiError {
  const lists = { availability: ['Alive'], messageType: [], direction: [], readStatus: [] } as Record<
    keyof typeof allowed,
    string[]
  >;
  for (const name of Object.keys(allowed) as (keyof typeof allowed)[]) {
    const values = listOf(req, name);
    const known: readonly string[] = allowed[name];
    if (!values.every((value) => known.includes(value))) return apiErrors.parameterInvalid(name);
    if (values.length > 0) lists[name] = values;
  }
  const dateTo = new Date(firstOf(req, 'dateTo') ?? now);
  if (Number.isNaN(dateTo.getTime())) return apiErrors.parameterInvalid('dateTo');
  const dateFrom = new Date(firstOf(req, 'dateFrom') ?? dateTo.getTime() - 86_400_000);
  if (Number.isNaN(dateFrom.getTime())) return apiErrors.parameterInvalid('dateFrom');
  return { ...lists, dateFrom, dateTo, phoneNumber: firstOf(req, 'phoneNumber') };
}

export const fits = (filter: MessageFilter) => (message: Message) =>
  filter.availability.includes(message.availability) &&
  (filter.messageType.length === 0 || filter.messageType.includes(message.type)) &&
  (filter.direction.length === 0 || filter.direction.includes(message.direction)) &&
  (filter.readStatus.length === 0 || filter.readStatus.includes(message.readStatus)) &&
  (filter.phoneNumber === undefined ||
    [message.from.phoneNumber, message.to.phoneNumber].includes(filter.phoneNumber)) &&
  message.createdAt >= filter.dateFrom &&
  message.createdAt <= filter.dateTo;

const messageUri = (origin: string, extension: Extension, { id }: Message) =>
  `${extensionUri(origin, extension)}/message-store/${encodeURIComponent(id)}`;

/** The path at which every content call of a message starts. */
export const contentPath = (extension: Extension, message: Message) => `${messageUri('', extension, message)}/content/`;

const contentUri = (of: string, { id, uri }: Attachment) => uri ?? `${of}/content/${encodeURIComponent(id)}`;

const attachmentRecord = (of: string, message: Message, attachment: Attachment) => ({
  id: exactNumber(attachment.id),
  uri: contentUri(of, attachment),
  type: attachment.type,
  contentType: contentTypeOf(attachment),
  ...(message.omit.includes('size') ? {} : { size: sizeOf(message, attachment) }),
});

/** @returns undefined while the record has no attachments */
function attachmentsOf(core: Mailboxes, of: string, message: Message) {
  if (message.omit.includes('attachments') || message.attachmentsAt > core.now().getTime()) return undefined;
  if (message.availability === 'Purged' && !core.world.mailboxes.rules.purgedKeepAttachments) return undefined;
  return message.attachments.map((one) => attachmentRecord(of, message, one));
}

/** The record of a message, without the members that it omits. */
export function messageRecord(
  core: Mailboxes,
  { origin, target }: Pick<ApiCall, 'origin' | 'target'>,
  message: Message,
) {
  const uri = messageUri(origin, target, message);
  const has = (member: Omitted) => !message.omit.includes(member);
  const { name, ...unnamed } = message.from;
  const attachments = attachmentsOf(core, uri, message);
  return {
    uri,
    id: exactNumber(message.id),
    ...(has('to') ? { to: [message.to] } : {}),
    ...(has('from')
      ? { from: has('from.name') ? { ...unnamed, ...(name === undefined ? {} : { name }) } : unnamed }
      : {}),
    type: message.type,
    creationTime: message.createdAt.toISOString(),
    readStatus: message.readStatus,
    priority: 'Normal',
    ...(attachments === undefined ? {} : { attachments }),
    direction: message.direction,
    availability: message.availability,
    ...(has('from') ? { subject: message.from.phoneNumber } : {}),
    messageStatus: message.direction === 'Inbound' ? 'Received' : 'Sent',
    ...(message.type === 'Fax' ? { faxResolution: 'High' } : {}),
    ...(message.type === 'Fax' && has('faxPageCount') ? { faxPageCount: message.pages } : {}),
    lastModifiedTime: message.modifiedAt.toISOString(),
  };
}

/** A page of the messages that the mailbox lists at this moment, newest first, or the error in the query. */
export function messagePage(core: Mailboxes, call: Pick<ApiCall, 'origin' | 'target'>, req: Pick<Request, 'query'>) {
  const page = pageOf(req);
  if ('status' in page) return page;
  const filter = filterOf(req, core.now());
  if ('status' in filter) return filter;
  core.settings.beforePage?.(call.target.id, page.page);
  const found = core.world.mailbox(call.target.id).filter(fits(filter));
  const newestFirst = found.sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
  const query = new URLSearchParams();
  for (const name of ['messageType', 'direction', 'availability', 'readStatus'] as const) {
    for (const value of filter[name]) query.append(name, value);
  }
  query.set('dateFrom', filter.dateFrom.toISOString());
  if (firstOf(req, 'dateTo') !== undefined) query.set('dateTo', filter.dateTo.toISOString());
  const address = (to: number) =>
    `${extensionUri(call.origin, call.target)}/message-store?${query.toString()}&page=${to}&perPage=${page.perPage}`;
  const { records, ...rest } = paged(newestFirst, page, address);
  return { uri: address(page.page), records: records.map((message) => messageRecord(core, call, message)), ...rest };
}
