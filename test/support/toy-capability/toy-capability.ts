import { Router } from 'express';
import { z } from 'zod';
import type { ActsOf, AuditAct } from '../../../src/audit/audit-events.js';
import { auditStore } from '../../../src/audit/audit-store.js';
import type { Capability } from '../../../src/app/capability.js';
import type { CliCommand } from '../../../src/app/cli-command.js';
import type { Foundation } from '../../../src/app/foundation.js';
import { seeOther } from '../../../src/platform/http/answers.js';
import { parseForm } from '../../../src/platform/http/forms.js';
import type { Addition } from '../../../src/app/process.js';

const count: CliCommand = { name: 'toys count', summary: 'prints the number of toys' };

const toyActs = [{ action: 'toys.sent', tenant: 'always' }] as const satisfies readonly AuditAct[];

declare module '../../../src/audit/audit-events.js' {
  interface AuditActs extends ActsOf<typeof toyActs> {}
}

const noFields = z.object({});

/** A capability of one folder that adds one of each part. `seen` is what its loop and its delivery have done. */
export function toyCapability(seen: string[] = []): Addition {
  return {
    commands: [count],
    audit: toyActs,
    make: ({ runtime, enqueue }: Foundation): Capability => ({
      pages: () => ({
        mounts: [
          {
            path: '/tenants/:tenantId/toys',
            access: 'member',
            needs: { 'get /': 'viewer', 'post /': 'member' },
            router: Router({ mergeParams: true })
              .get('/', (_req, res) => {
                res.render('accounts/text', { page: { title: 'Toys', paragraphs: [res.locals.tenant?.name] } });
              })
              .post('/', async (req, res) => {
                parseForm(noFields, req.body);
                const tenantId = res.locals.tenant?.id ?? '';
                const actor = { kind: 'person', id: res.locals.person?.id ?? '' } as const;
                const event = { action: 'toys.sent', actor, tenantId, outcome: 'ok' } as const;
                await auditStore(runtime.db, runtime.world).append(event);
                await enqueue(runtime.db, { kind: 'toy', tenantId, payload: 'a parcel' });
                seeOther(res, `/tenants/${tenantId}/toys`);
              }),
          },
        ],
      }),
      api: () => {
        const path = '/tenants/{tenant}/toys';
        return [
          {
            method: 'get',
            path,
            scope: 'toys:read',
            summary: 'Count the toys',
            response: z.strictObject({ toys: z.number(), tenant: z.string() }),
            handler: ({ params }) => Promise.resolve({ body: { toys: 3, tenant: params.tenant } }),
          },
          ...(['put', 'patch', 'delete', 'post'] as const).map((method) => ({
            method,
            path,
            scope: 'toys:read',
            summary: 'Change nothing',
            responseStatus: 204 as const,
            handler: () => Promise.resolve({}),
          })),
        ];
      },
      loops: () => [
        { name: 'toys', everyMs: 20, round: () => Promise.resolve(seen.includes('a round') || seen.push('a round')) },
      ],
      deliveries: () => ({
        toy: ({ payload }) => {
          seen.push(String(payload));
          return Promise.resolve({ kind: 'delivered' });
        },
      }),
      housekeeping: () => [() => Promise.resolve(seen.push('a chore'))],
      checks: () => [{ subject: 'toys', advice: () => Promise.resolve(null) }],
      runs: {
        [count.name]: (_asked, { say }) => {
          say('3');
          return Promise.resolve(0);
        },
      },
    }),
  };
}
