import { createHash } from 'node:crypto';
import type { Authenticate } from '../../src/app/api-app.js';
import type { TestPortal } from '../support/portal.js';

/** A key for every tenant; `authenticate` of the portals of these tests. */
export const jobKey = 'lky_synthetic-key-of-jobs';
export const authenticate: Authenticate = (key) =>
  Promise.resolve(
    key === jobKey
      ? { keyId: 'jobs', name: 'Jobs', purpose: 'nightly-faxes', scopes: ['tokens:issue'], tenantIds: null }
      : null,
  );

export type TokenBody = {
  access_token: string;
  token_type: string;
  expires_in: number;
  expires_at: string;
  issued_at: string;
  renewed: boolean;
  scope: string;
  fax_extensions: string[];
};
export type ProblemBody = { cause: string; fix_owner?: string; retry_at?: string; retryable: boolean; since?: string };
export type Told = { status: number; headers: Headers; body: TokenBody & ProblemBody; text: string };

/** A job asks for a token over HTTP. */
export async function askAt(
  url: string,
  tenantId: string,
  body?: unknown,
  more: Record<string, string> = {},
): Promise<Told> {
  const answer = await fetch(`${url}/api/v1/tenants/${tenantId}/access-token`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${jobKey}`,
      ...more,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: JSON.parse(text) as Told['body'], text };
}

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The status with which RingCentral answers a call with this token. */
export const statusWith = async (test: TestPortal, token: string): Promise<number> => {
  const headers = { authorization: `Bearer ${token}` };
  return (await fetch(`${test.emulator.url}/restapi/v1.0/account/~/extension/~`, { headers })).status;
};
