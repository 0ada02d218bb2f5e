import type { Request, RequestHandler, Response } from 'express';
import { contextOf, openContext } from '../traffic/call-context.js';
import { callOf } from '../traffic/calls.js';
import type { Core } from '../core.js';
import type { LoggedRequest } from '../traffic/traffic.js';

/** RingCentral accepts an access token in the query; the log must not contain it. */
const withoutSecrets = (path: string) => path.replace(/([?&](?:access_token|token)=)[^&]*/g, '$1***');

function complete(entry: LoggedRequest, res: Response, endedAt: number): void {
  const { clientId, grantType, session, errorCode, assertionSha256, violation } = contextOf(res);
  entry.status = res.statusCode;
  entry.durationMs = endedAt - entry.arrivedAt;
  if (clientId !== undefined) entry.clientId = clientId;
  if (grantType !== undefined) entry.grantType = grantType;
  if (session !== undefined) {
    entry.sessionId = session.id;
    entry.extensionId = session.extensionId;
  }
  if (errorCode !== undefined) entry.errorCode = errorCode;
  if (assertionSha256 !== undefined) entry.assertionSha256 = assertionSha256;
  if (violation !== undefined) entry.violation = violation;
}

const begun = (req: Request, requestId: string, arrivedAt: number): LoggedRequest => ({
  call: callOf(req.method, req.path),
  at: new Date(arrivedAt).toISOString(),
  arrivedAt,
  method: req.method,
  path: withoutSecrets(req.originalUrl),
  status: 0,
  durationMs: 0,
  requestId,
});

/** Records when a request arrived, sets RingCentral's general headers, and logs the request. */
export const arrivals =
  (core: Core): RequestHandler =>
  (req, res, next) => {
    const requestId = core.newId();
    const arrivedAt = core.now().getTime();
    openContext(res, { arrivedAt, requestId });
    if (/^\/(restapi|\.well-known)(\/|\?|$)/.test(req.originalUrl)) {
      res.set({ RCRequestId: requestId, RoutingKey: 'SJC11P01', 'Content-Language': 'en-US' });
      const entry = begun(req, requestId, arrivedAt);
      core.traffic.note(entry);
      const end = () => complete(entry, res, core.now().getTime());
      res.once('finish', end).once('close', end);
    }
    next();
  };
