import { Router, json, type Request, type Response } from 'express';
import { extensionUri } from './account-routes.js';
import { apiErrors, sendApiError, type ApiError } from './api-errors.js';
import { apiCall, type ApiCall } from './api-guard.js';
import type { Core } from './core.js';
import { firstOf, listOf, pageOf, paged } from './query-values.js';
import { faxPdf } from './synthetic-fax.js';
import type { Message } from './world-types.js';

const allowed = {
  availability: ['Alive', 'Deleted', 'Purged'],
  messageType: ['Fax', 'SMS', 'VoiceMail', 'Pager'],
  direction: ['Inbound', 'Outbound'],
  readStatus: ['Read', 'Unread'],
} as const;

type Filter = Record<keyof typeof allowed, string[]> & {
  dateFrom: Date;
  dateTo: Date;
  phoneNumber: string | undefined;
};

/** ringcentral.md §6.8; without `dateFrom` only the 24 hours before `dateTo`. */
function filterOf(req: Request, now: Date): Filter | ApiError {
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

const fits = (filter: Filter) => (message: Message) =>
  filter.availability.includes(message.availability) &&
  (filter.messageType.length === 0 || filter.messageType.includes(message.type)) &&
  (filter.direction.length === 0 || filter.direction.includes(message.direction)) &&
  (filter.readStatus.length === 0 || filter.readStatus.includes(message.readStatus)) &&
  (filter.phoneNumber === undefined ||
    [message.from.phoneNumber, message.to.phoneNumber].includes(filter.phoneNumber)) &&
  message.createdAt >= filter.dateFrom &&
  message.createdAt <= filter.dateTo;

function record({ origin, target }: ApiCall, message: Message) {
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
    lastModifiedTime: message.createdAt.toISOString(),
  };
}

function list(core: Core, call: ApiCall, req: Request, res: Response): void {
  const page = pageOf(req);
  if ('status' in page) {
    sendApiError(res, page);
    return;
  }
  const filter = filterOf(req, core.now());
  if ('status' in filter) {
    sendApiError(res, filter);
    return;
  }
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
  res.json({ uri: address(page.page), records: records.map((message) => record(call, message)), ...rest });
}

/** `Range: bytes=a-b` of ringcentral.md §6.9; undefined: the whole; null: not satisfiable. */
function rangeOf(header: string | undefined, size: number): { start: number; end: number } | null | undefined {
  if (header === undefined) return undefined;
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(header) ?? [];
  if (from === '' && to === '') return null;
  const start = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const end = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  return start <= end ? { start, end } : null;
}

function sendContent(message: Message, req: Request, res: Response): void {
  const pdf = faxPdf(message);
  const range = rangeOf(req.get('range'), pdf.length);
  if (range === null) {
    sendApiError(res, apiErrors.rangeInvalid);
    return;
  }
  const kind = firstOf(req, 'contentDisposition');
  const name = (firstOf(req, 'contentDispositionFilename') ?? `${message.id}.pdf`).replace(/[^\w.-]/g, '_');
  if (kind !== undefined) res.set('Content-Disposition', `${kind.toLowerCase()}; filename="${name}"`);
  res.set({ 'Content-Type': 'application/pdf', 'Accept-Ranges': 'bytes' });
  if (!range) return void res.end(pdf);
  res.status(206).set('Content-Range', `bytes ${range.start}-${range.end}/${pdf.length}`);
  res.end(pdf.subarray(range.start, range.end + 1));
}

/** The message store (ringcentral.md §6.8) and, on the same origin, the content of media.ringcentral.com (§6.9). */
export function messageRoutes(core: Core): Router {
  const store = '/v1.0/account/:accountId/extension/:extensionId/message-store';
  const read = { group: 'light', scope: 'ReadMessages', permissions: ['ReadMessages'] } as const;
  const readNeeds = { ...read, permissions: ['ReadMessages'] };
  const find = (call: ApiCall, req: Request) =>
    core.world.mailbox(call.target.id).find((message) => message.id === req.params['messageId']);
  return Router()
    .get(
      store,
      apiCall(core, readNeeds, (call, req, res) => list(core, call, req, res)),
    )
    .get(
      `${store}/:messageId`,
      apiCall(core, readNeeds, (call, req, res) => {
        const message = find(call, req);
        if (!message) {
          sendApiError(res, apiErrors.notFound('messageId'));
          return;
        }
        res.json(record(call, message));
      }),
    )
    .put(
      `${store}/:messageId`,
      json(),
      apiCall(core, { group: 'medium', scope: 'EditMessages', permissions: ['EditMessages'] }, (call, req, res) => {
        const message = find(call, req);
        if (!message) {
          sendApiError(res, apiErrors.notFound('messageId'));
          return;
        }
        const { readStatus } = (req.body ?? {}) as { readStatus?: unknown };
        if (readStatus !== 'Read' && readStatus !== 'Unread') {
          sendApiError(res, apiErrors.parameterInvalid('readStatus'));
          return;
        }
        message.readStatus = readStatus;
        res.json(record(call, message));
      }),
    )
    .get(
      `${store}/:messageId/content/:attachmentId`,
      apiCall(
        core,
        { group: 'medium', scope: 'ReadMessages', permissions: ['ReadMessageContent'] },
        (call, req, res) => {
          const message = find(call, req);
          if (!message) {
            sendApiError(res, apiErrors.notFound('messageId'));
            return;
          }
          if (req.params['attachmentId'] !== message.id) {
            sendApiError(res, apiErrors.notFound('contentId'));
            return;
          }
          sendContent(message, req, res);
        },
      ),
    );
}
