import type { Knex } from '../../../src/platform/database/database.js';

export type TokenAsked = {
  key: string;
  tenantId: string;
  jobId: string;
  /** The SHA-256 of a token that RingCentral does not accept. */
  rejected?: string | undefined;
  minTtlSeconds?: number;
};
/** What a job has of its answer; all that arrived, if the process died while it answered. */
export type Received = { tenantId: string; jobId: string; status: number; requestId: string; text: string };

/** Asks for a token over HTTP. The status is 0 if the process died before it answered. */
export async function askForToken(
  url: string,
  { key, tenantId, jobId, rejected, minTtlSeconds }: TokenAsked,
): Promise<Received> {
  const received: Received = { tenantId, jobId, status: 0, requestId: '', text: '' };
  try {
    const answer = await fetch(`${url}/api/v1/tenants/${tenantId}/access-token`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ job_id: jobId, rejected_token_sha256: rejected, min_ttl_seconds: minTtlSeconds }),
    });
    received.status = answer.status;
    received.requestId = answer.headers.get('x-request-id') ?? '';
    const decoder = new TextDecoder();
    for await (const part of answer.body ?? []) received.text += decoder.decode(part as Uint8Array, { stream: true });
  } catch {
    // The process died: what arrived before counts.
  }
  return received;
}

/** The token of an answer, even if only its beginning arrived. */
export const tokenIn = ({ text }: Received): string | undefined => /"access_token":"([^"]+)/.exec(text)?.[1];

type AuditRow = { tenant_id: string; outcome: string; actor_kind: string; detail: string };

/** The tokens that left the portal without the audit row of the request. */
export async function tokensWithoutRow(db: Knex, all: readonly Received[]): Promise<string[]> {
  const problems: string[] = [];
  for (const one of all.filter((received) => tokenIn(received) !== undefined)) {
    const rows: AuditRow[] = await db('audit_events').where({ request_id: one.requestId, action: 'token.issued' });
    const isItsRow = ({ tenant_id: tenantId, outcome, actor_kind: kind, detail }: AuditRow) =>
      tenantId === one.tenantId &&
      outcome === 'ok' &&
      kind === 'api_key' &&
      (JSON.parse(detail) as { job_id?: string }).job_id === one.jobId;
    if (!rows.some(isItsRow)) problems.push('a token left without its audit row');
  }
  return problems;
}

/** The status with which RingCentral answers a call with this token. */
export async function statusAtRingCentral(serverUrl: string, token: string): Promise<number> {
  const headers = { authorization: `Bearer ${token}` };
  const answer = await fetch(`${serverUrl}/restapi/v1.0/account/~/extension/~`, { headers });
  await answer.arrayBuffer();
  return answer.status;
}
