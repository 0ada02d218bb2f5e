import { codeFlow, codeFlowCapability } from '../../src/code-flow/code-flow-capability.js';
import type { OnCode, ReceivedCode } from '../../src/code-flow/code-flow-service.js';
import type { Addition } from '../../src/app/process.js';
import { tenantReader } from '../../src/tenants/tenant-reader.js';
import type { Visitor } from '../support/visits/visitor.js';

/** What a stand-in for the credentials has received, and what it answers. */
export type Received = { codes: ReceivedCode[]; answer: Awaited<ReturnType<OnCode>>; fails: boolean };
export const nothingReceived = (): Received => ({
  codes: [],
  answer: { kind: 'queued', requestId: 'none' },
  fails: false,
});

/** The capability, with a stand-in for what becomes of a code. */
export const codeFlowInto = (received: Received): Addition => ({
  ...codeFlow,
  make: (foundation) =>
    codeFlowCapability(foundation, {
      tenants: tenantReader,
      inShort: () => Promise.resolve(null),
      connections: { waitForCheck: () => Promise.resolve(true) },
      poke: () => undefined,
      onCode: (_trx, code) => {
        if (received.fails) return Promise.reject(new Error('the queue failed'));
        if (received.answer.kind === 'queued') received.codes.push(code);
        return Promise.resolve(received.answer);
      },
    }),
});

export const pageOf = (tenantId: string) => `/tenants/${tenantId}/guide/sign-in`;

/** Presses the button. @returns what RingCentral is asked */
export async function startSignIn(member: Visitor, tenantId: string): Promise<URLSearchParams> {
  await member.get(pageOf(tenantId));
  const { status, headers } = await member.post(pageOf(tenantId));
  if (status !== 303) throw new Error(`the sign-in was not started: ${status}`);
  return new URL(headers.location ?? '').searchParams;
}

export const stateIn = (asked: URLSearchParams): string => asked.get('state') ?? '';

/** The address to which RingCentral returns a person. */
export const callback = (values: Record<string, string>) => `/oauth/callback?${new URLSearchParams(values).toString()}`;
