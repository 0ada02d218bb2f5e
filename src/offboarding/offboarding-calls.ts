import { z } from 'zod';
import { apiRoute, type ApiRoute } from '../app/capability.js';
import { Problem } from '../app/problem.js';
import type { OffboardingService } from './offboarding-service.js';

const time = z.iso.datetime().describe('RFC 3339, in UTC');
const answer = z
  .strictObject({
    id: z.string(),
    state: z.enum(['offboarded', 'erased']),
    offboarded_at: time,
    erase_at: time.describe('From then on its names, addresses and secrets are erased; staff can undo it until then'),
    erased_at: time.nullable(),
  })
  .describe('A clinic that has left');

/** `DELETE /tenants/{tenant}`. */
export const offboardingCalls = (service: OffboardingService): ApiRoute[] => [
  apiRoute({
    method: 'delete',
    path: '/tenants/{tenant}',
    scope: 'tenants:offboard',
    summary: 'Offboard a clinic: ends its connection and its access now, and erases its data later',
    response: answer,
    responseStatus: 202,
    alsoLeft: true,
    handler: async ({ caller, params, origin }) => {
      const actor = { kind: 'api_key', id: caller.keyId } as const;
      const found = await service.offboard(params.tenant ?? '', actor, origin);
      if (!found) throw new Problem(404);
      const body: z.input<typeof answer> = {
        id: found.tenantId,
        state: found.erasedAt ? 'erased' : 'offboarded',
        offboarded_at: found.at.toISOString(),
        erase_at: found.eraseAt.toISOString(),
        erased_at: found.erasedAt && found.erasedAt.toISOString(),
      };
      return { body };
    },
  }),
];
