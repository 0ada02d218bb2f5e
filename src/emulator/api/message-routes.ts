import { Router, json, type Request, type Response } from 'express';
import { apiErrorBody, apiErrors, sendApiError } from './api-errors.js';
import { apiCall, type ApiCall } from './api-guard.js';
import type { Core } from '../core.js';
import { messagePage, messageRecord } from './message-records.js';
import { answerSync } from './message-sync.js';
import { firstOf } from './query-values.js';
import { contentTypeOf, documentOf } from './synthetic-fax.js';
import { sendDocument } from '../traffic/changed-documents.js';
import type { Attachment, Message } from '../world/mailbox-types.js';

function list(core: Core, call: ApiCall, req: Request, res: Response): void {
  const page = messagePage(core, call, req);
  if ('status' in page) sendApiError(res, page);
  else res.json(page);
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

const dispositions = ['Inline', 'Attachment'];

function sendContent(core: Core, message: Message, attachment: Attachment, req: Request, res: Response): void {
  const { rules } = core.world.mailboxes;
  if (message.documentAt > core.now().getTime()) {
    sendApiError(res, apiErrors.processing(rules.processingStatus));
    return;
  }
  const document = documentOf(message, attachment);
  const range = rangeOf(req.get('range'), document.length);
  if (range === null) {
    res.set('Content-Range', `bytes */${document.length}`);
    sendApiError(res, apiErrors.rangeInvalid);
    return;
  }
  const headers: Record<string, string> = { 'Content-Type': contentTypeOf(attachment), 'Accept-Ranges': 'bytes' };
  const kind = firstOf(req, 'contentDisposition');
  if (kind !== undefined && !dispositions.includes(kind)) {
    sendApiError(res, apiErrors.parameterInvalid('contentDisposition'));
    return;
  }
  const extension = attachment.format === 'pdf' ? 'pdf' : 'tif';
  const name = firstOf(req, 'contentDispositionFilename') ?? `${message.id}.${extension}`;
  if (kind !== undefined)
    headers['Content-Disposition'] = `${kind.toLowerCase()}; filename="${name.replace(/[^\w.-]/g, '_')}"`;
  void sendDocument(res, { headers, document, range });
}

/**
 * One item of a comma-separated list of ids. RingCentral documents only the 207; the members of the item are assumed.
 */
const oneOfMany = (core: Core, call: ApiCall, resourceId: string, message: Message | undefined) =>
  message
    ? { resourceId, status: 200, body: messageRecord(core, call, message) }
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
          res.status(207).json(messages.map(([id, message]) => oneOfMany(core, call, id, message)));
          return;
        }
        const message = find(call, req);
        if (!message) {
          sendApiError(res, apiErrors.notFound('messageId'));
          return;
        }
        res.json(messageRecord(core, call, message));
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
        core.world.mailboxes.change(message, { readStatus });
        res.json(messageRecord(core, call, message));
      }),
    )
    .get(
      `${store}/:messageId/content/:attachmentId`,
      apiCall(core, { scope: 'ReadMessages', permissions: ['ReadMessageContent'] }, (call, req, res) => {
        const message = find(call, req);
        if (!message || message.availability === 'Purged') {
          const { goneStatus } = core.world.mailboxes.rules;
          sendApiError(res, { ...apiErrors.notFound('messageId'), status: goneStatus });
          return;
        }
        const attachment = message.attachments.find(({ id }) => id === req.params['attachmentId']);
        if (!attachment) {
          sendApiError(res, apiErrors.notFound('contentId'));
          return;
        }
        sendContent(core, message, attachment, req, res);
      }),
    );
}
