import type { Request, Response } from 'express';
import { extensionUri } from './account-routes.js';
import { apiErrors, sendApiError, type ApiError } from './api-errors.js';
import type { ApiCall } from './api-guard.js';
import type { Core } from '../core.js';
import { fits, filterOf, messageRecord } from './message-records.js';
import { firstOf } from './query-values.js';

const MARK = 'EMULATOR-sync';
const FROM_THE_BEGINNING = new Date(0);

/** The token itself holds everything a later sync needs, so the server keeps no state. */
const tokenOf = (extensionId: string, version: number, query: string): string =>
  Buffer.from([MARK, extensionId, version, query].join('|')).toString('base64url');

function readToken(token: string, extensionId: string): { version: number; query: string } | undefined {
  const [mark, owner, version = '', ...query] = Buffer.from(token, 'base64url').toString().split('|');
  if (mark !== MARK || owner !== extensionId || !/^\d{1,12}$/.test(version)) return undefined;
  return { version: Number(version), query: query.join('|') };
}

/** Which messages to sync and since which version. An incremental sync keeps the filter of the full sync. */
function asked(req: Request, extensionId: string): { isFull: boolean; since: number; query: string } | ApiError {
  const syncType = firstOf(req, 'syncType') ?? 'FSync';
  const query = req.originalUrl.split('?')[1] ?? '';
  if (syncType === 'FSync') return { isFull: true, since: 0, query };
  if (syncType !== 'ISync') return apiErrors.parameterInvalid('syncType');
  const known = readToken(firstOf(req, 'syncToken') ?? '', extensionId);
  return known ? { isFull: false, since: known.version, query: known.query } : apiErrors.syncTokenUnusable;
}

/**
 * A full sync returns the newest messages that fit; an incremental sync returns those that are new or changed since
 * the token.
 */
function syncOf(core: Core, call: ApiCall, req: Request) {
  const sync = asked(req, call.target.id);
  if ('status' in sync) return sync;
  const recordCount = Number(firstOf(req, 'recordCount') ?? 250);
  if (!Number.isInteger(recordCount) || recordCount < 1 || recordCount > 250)
    return apiErrors.parameterInvalid('recordCount');
  const wanted = new URLSearchParams(sync.query);
  const query = Object.fromEntries([...new Set(wanted.keys())].map((name) => [name, wanted.getAll(name)]));
  const filter = filterOf({ query: { dateFrom: FROM_THE_BEGINNING.toISOString(), ...query } }, core.now());
  if ('status' in filter) return filter;
  const found = core.world
    .mailbox(call.target.id)
    .filter((message) => message.version > sync.since && fits(filter)(message))
    .sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
  const records = sync.isFull ? found.slice(0, recordCount) : found;
  return {
    uri: `${extensionUri(call.origin, call.target)}/message-sync`,
    records: records.map((message) => messageRecord(core, call, message)),
    syncInfo: {
      syncType: sync.isFull ? 'FSync' : 'ISync',
      syncToken: tokenOf(call.target.id, core.world.mailboxes.version, sync.query),
      syncTime: core.now().toISOString(),
      olderRecordsExist: records.length < found.length,
    },
  };
}

export function answerSync(core: Core, call: ApiCall, req: Request, res: Response): void {
  const answer = syncOf(core, call, req);
  if ('status' in answer) sendApiError(res, answer);
  else res.json(answer);
}
