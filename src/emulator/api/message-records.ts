import type { Request } from 'express';
import { extensionUri } from './account-routes.js';
import { apiErrors, type ApiError } from './api-errors.js';
import type { ApiCall } from './api-guard.js';
import { firstOf, listOf } from './query-values.js';
import { faxPdf } from './synthetic-fax.js';
import type { Message } from '../world/world-types.js';

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

export function messageRecord({ origin, target }: ApiCall, message: Message) {
  const uri = `${extensionUri(origin, target)}/message-store/${message.id}`;
  const id = Number(message.id);
  return {
    uri,
    id,
    to: [message.to],
    from: message.from,
    type: message.type,
    creationTime: message.createdAt.toISOString(),
    readStatus: message.readStatus,
    priority: 'Normal',
    attachments: [
      {
        id,
        uri: `${uri}/content/${message.id}`,
        type: 'RenderedDocument',
        contentType: 'application/pdf',
        size: faxPdf(message).length,
      },
    ],
    direction: message.direction,
    availability: message.availability,
    subject: message.from.phoneNumber,
    messageStatus: message.direction === 'Inbound' ? 'Received' : 'Sent',
    ...(message.type === 'Fax' ? { faxResolution: 'High', faxPageCount: message.pages } : {}),
    lastModifiedTime: message.modifiedAt.toISOString(),
  };
}
