import type { Request } from 'express';

export type ClaimedClient =
  | { kind: 'basic'; clientId: string; secret: string }
  | { kind: 'body'; clientId: string }
  | { kind: 'malformed' }
  | { kind: 'none' };

/** A request to one of the form endpoints, parsed but not yet validated. */
export type TokenForm = {
  isForm: boolean;
  fields: URLSearchParams;
  duplicated: boolean;
  client: ClaimedClient;
};

/** RingCentral compares Basic credentials as sent, so nothing is percent-decoded. */
function basicClient(header: string): ClaimedClient {
  const encoded = /^Basic ([A-Za-z0-9+/]+={0,2})$/i.exec(header)?.[1];
  const decoded = encoded === undefined ? '' : Buffer.from(encoded, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  if (colon < 1) return { kind: 'malformed' };
  return { kind: 'basic', clientId: decoded.slice(0, colon), secret: decoded.slice(colon + 1) };
}

export function readTokenForm(req: Request): TokenForm {
  const fields = new URLSearchParams(typeof req.body === 'string' ? req.body : '');
  const names = [...fields.keys()];
  const clientId = fields.get('client_id');
  const header = req.get('authorization');
  let client: ClaimedClient = { kind: 'none' };
  if (header !== undefined) client = basicClient(header);
  else if (clientId) client = { kind: 'body', clientId };
  return {
    isForm: /^application\/x-www-form-urlencoded\s*(;|$)/i.test(req.get('content-type') ?? ''),
    fields,
    duplicated: new Set(names).size !== names.length,
    client,
  };
}

export const claimedClientId = (client: ClaimedClient): string | undefined =>
  client.kind === 'basic' || client.kind === 'body' ? client.clientId : undefined;
