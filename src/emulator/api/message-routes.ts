import { Router, json, type Request, type Response } from 'express';
import { extensionUri } from './account-routes.js';
import { apiErrorBody, apiErrors, sendApiError } from './api-errors.js';
import { apiCall, type ApiCall } from './api-guard.js';
import type { Core } from '../core.js';
import { fits, filterOf, messageRecord } from './message-records.js';
import { answerSync } from './message-sync.js';
import { firstOf, pageOf, paged } from './query-values.js';
import { faxPdf } from './synthetic-fax.js';
import type { Message } from '../world/world-types.js';

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
  res.json({ uri: address(page.page), records: records.map((message) => messageRecord(call, message)), ...rest });
}

/**
 * Parses `Range: bytes=a-b`. Returns undefined for the whole document and null for a range that cannot be satisfied.
 */
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

/**
 * One item of a comma-separated list of ids. RingCentral documents only the 207; the members of the item are assumed.
 */
const oneOfMany = (call: ApiCall, resourceId: string, message: Message | undefined) =>
  message
    ? { resourceId, status: 200, body: messageRecord(call, message) }
    : { resourceId, status: 404, body: apiErrorBody(apiErrors.notFound('messageId')) };

/**
 * The message store, and message content on the same origin (RingCentral serves content from media.ringcentral.com).
 */
export function messageRoutes(core: Core): Router {
  const store = '/v1.0/account/:accountId/extension/:extensionId/message-store';
  const readNeeds = { scope: 'ReadMessages', permissions: ['ReadMessages'] };
  const find = (call: ApiCall, req: Request, id = req.params['messageId']) =>
    core.world.mailbox(call.target.id).find((message) => message.id === id);
  return Router()
    .get(
      store,
      apiCall(core, readNeeds, (call, req, res) => list(core, call, req, res)),
    )
    .get(
      '/v1.0/account/:accountId/extension/:extensionId/message-sync',
      apiCall(core, readNeeds, (call, req, res) => answerSync(core, call, req, res)),
    )
    .get(
      `${store}/:messageId`,
      apiCall(core, readNeeds, (call, req, res) => {
        const ids = String(req.params['messageId']).split(',');
        if (ids.length > 1) {
          const messages = ids.map((id): [string, Message | undefined] => [id, find(call, req, id)]);
          res.status(207).json(messages.map(([id, message]) => oneOfMany(call, id, message)));
          return;
        }
        const message = find(call, req);
        if (!message) {
          sendApiError(res, apiErrors.notFound('messageId'));
          return;
        }
        res.json(messageRecord(call, message));
      }),
    )
    .put(
      `${store}/:messageId`,
      json(),
      apiCall(core, { scope: 'EditMessages', permissions: ['EditMessages'] }, (call, req, res) => {
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
        core.world.changeMessage(message, { readStatus });
        res.json(messageRecord(call, message));
      }),
    )
    .get(
      `${store}/:messageId/content/:attachmentId`,
      apiCall(core, { scope: 'ReadMessages', permissions: ['ReadMessageContent'] }, (call, req, res) => {
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
      }),
    );
}
