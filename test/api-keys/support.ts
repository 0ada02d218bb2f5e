import { z } from 'zod';
import { auditStore } from '../../src/audit/audit-store.js';
import type { AskedApiKey } from '../../src/api-keys/new-api-key.js';
import type { By } from '../../src/api-keys/api-key-service.js';
import type { Addition } from '../../src/app/process.js';
import { realWorld } from '../../src/platform/world.js';
import type { TestPortal } from '../support/portal.js';

export const byCommand: By = { actor: { kind: 'command_line' } };

export const asked: AskedApiKey = {
  name: 'Nightly faxes',
  purpose: 'faxes',
  scopes: ['tokens:issue'],
  tenantRefs: null,
  expires: '',
};

/** The text of a new key. */
export async function aKey({ portal }: TestPortal, other: Partial<AskedApiKey> = {}): Promise<string> {
  const made = await portal.services.apiKeys.make({ ...asked, ...other }, byCommand);
  if (!made.ok) throw new Error(JSON.stringify(made));
  return made.key.reveal();
}

/** The path of a link that shows a new key once. */
export async function aLink({ portal }: TestPortal, minutes = 60, other: Partial<AskedApiKey> = {}): Promise<string> {
  const made = await portal.services.apiKeys.makeLink({ ...asked, ...other }, minutes, byCommand);
  if (!made.ok) throw new Error(JSON.stringify(made));
  return new URL(made.url.reveal()).pathname;
}

export const idOf = (key: string): string => key.split('_')[1] ?? '';

/** Two calls that answer with what the frame tells a handler about the caller. */
export const probes: Addition = {
  make: () => ({
    api: () => [
      {
        method: 'get',
        path: '/probe',
        scope: 'tokens:issue',
        summary: 'Say who calls',
        response: z.looseObject({}),
        handler: ({ caller }) => Promise.resolve({ body: caller }),
      },
      {
        method: 'get',
        path: '/tenants/{tenant}/probe',
        scope: 'tenants:read',
        summary: 'Say which tenant was named',
        response: z.looseObject({}),
        handler: ({ params }) => Promise.resolve({ body: { tenant: params.tenant } }),
      },
    ],
  }),
};

/** What the audit has about keys. */
export async function actsOnKeys({ db }: TestPortal, id: string): Promise<string[]> {
  const events = await auditStore(db, realWorld).withoutTenant(200);
  return events
    .filter(({ target }) => target === id)
    .reverse()
    .map(({ action, actorKind, outcome, detail }) => `${action} by ${actorKind} ${outcome} ${JSON.stringify(detail)}`);
}
