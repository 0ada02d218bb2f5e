import { Router, type Request, type Response } from 'express';
import { accountUri, extensionUri } from '../api/account-routes.js';
import { apiErrors, sendApiError, type ApiError } from '../api/api-errors.js';
import { apiCall, type ApiCall } from '../api/api-guard.js';
import type { Core } from '../core.js';
import { fits, filterOf, type MessageFilter } from '../api/message-records.js';
import { reachesOthers } from '../world/permissions.js';
import { listOf, pageOf, paged } from '../api/query-values.js';
import type { Message } from '../world/mailbox-types.js';
import { exactNumber } from '../traffic/exact-json.js';

const types = ['Voice', 'Fax'];

/**
 * A fax in the call log of the account. RingCentral documents that `message` is present for callers who may see the
 * message; the other members are assumed.
 */
function record({ origin, account, caller }: ApiCall, message: Message) {
  const { extensionId } = message;
  const extension = extensionUri(origin, { accountId: account.id, id: extensionId });
  const scopes = caller.permissions.get('ReadMessages') ?? [];
  const maySee = scopes.length > 0 && (extensionId === caller.id || reachesOthers(scopes));
  const uri = `${extension}/message-store/${message.id}`;
  return {
    uri: `${accountUri(origin, account.id)}/call-log/EXAMPLE${message.id}`,
    id: `EXAMPLE${message.id}`,
    startTime: message.createdAt.toISOString(),
    type: 'Fax',
    direction: message.direction,
    action: message.direction === 'Inbound' ? 'Incoming Fax' : 'Outgoing Fax',
    result: message.direction === 'Inbound' ? 'Received' : 'Sent',
    to: message.to,
    from: message.from,
    extension: { id: exactNumber(extensionId), uri: extension },
    ...(maySee ? { message: { id: message.id, type: message.type, uri } } : {}),
  };
}

/**
 * Applies the message store's filter to faxes. Deleted faxes stay in the log (assumed). The emulator has no voice
 * calls.
 */
function asked(req: Request, now: Date): MessageFilter | ApiError {
  const wanted = listOf(req, 'type');
  if (!wanted.every((type) => types.includes(type))) return apiErrors.parameterInvalid('type');
  const { direction, dateFrom, dateTo } = req.query;
  const mine = { direction, dateFrom, dateTo, messageType: 'Fax', availability: ['Alive', 'Deleted'] };
  const filter = filterOf({ query: mine }, now);
  const isOfVoice = wanted.length > 0 && !wanted.includes('Fax');
  return isOfVoice && !('status' in filter) ? { ...filter, availability: [] } : filter;
}

function list(core: Core, call: ApiCall, req: Request, res: Response): void {
  const page = pageOf(req);
  if ('status' in page) {
    sendApiError(res, page);
    return;
  }
  const filter = asked(req, core.now());
  if ('status' in filter) {
    sendApiError(res, filter);
    return;
  }
  const found = core.world
    .extensionsOf(call.account.id)
    .flatMap(({ id }) => core.world.mailbox(id).filter(fits(filter)))
    .sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
  const query = new URLSearchParams();
  for (const name of ['type', 'direction', 'dateTo']) for (const value of listOf(req, name)) query.append(name, value);
  query.set('dateFrom', filter.dateFrom.toISOString());
  const address = (to: number) =>
    `${accountUri(call.origin, call.account.id)}/call-log?${query.toString()}&page=${to}&perPage=${page.perPage}`;
  const { records, ...rest } = paged(found, page, address);
  res.json({ uri: address(page.page), records: records.map((message) => record(call, message)), ...rest });
}

/** All faxes of an account without reading its mailboxes; rate group Heavy. */
export const callLogRoutes = (core: Core): Router =>
  Router().get(
    '/v1.0/account/:accountId/call-log',
    apiCall(core, { scope: 'ReadCallLog', permissions: ['FullCompanyCallLog'] }, (call, req, res) =>
      list(core, call, req, res),
    ),
  );
