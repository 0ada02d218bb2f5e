import type { Request, Response } from 'express';
import { signedInPerson } from '../accounts/sessions/access-guards.js';
import { originOf } from '../accounts/sign-in/signing-in.js';
import type { AuditAction } from '../audit/audit-events.js';
import { auditStore } from '../audit/audit-store.js';
import type { Knex } from '../platform/database/database.js';
import type { World } from '../platform/world.js';

/** Steps that the staff pages about the portal as a whole share: only administrators change anything there. */
export const portalRequests = ({ db, world }: { db: Knex; world: World }, view: AuditAction) => {
  const byOf = (req: Request, res: Response) => ({
    actor: { kind: 'person' as const, id: signedInPerson(req).id },
    origin: originOf(req, res),
  });
  return {
    byOf,
    mayChange: (req: Request): boolean => signedInPerson(req).staffRole === 'administrator',
    factsOf: ({ locals: { t } }: Response) => ({
      t,
      clock: { now: world.now(), timeZone: 'UTC', language: t.common.lang },
    }),
    /** Writes down that the page was looked at. */
    viewed: (req: Request, res: Response, target?: string): Promise<void> =>
      auditStore(db, world).append({ action: view, target, outcome: 'ok', ...byOf(req, res) }),
  };
};
