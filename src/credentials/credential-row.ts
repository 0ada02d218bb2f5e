import { fromIso, fromIsoOrNull } from '../platform/database/database.js';
import type { Environment } from '../ringcentral/environments.js';
import type { Credential, CredentialStatus, DeathAnswer, Destruction, Method, Retirement } from './credential-types.js';

/** A row of `credentials`. */
export type CredentialRow = {
  id: string;
  tenant_id: string;
  kind: string;
  status: string;
  fingerprint: string;
  client_id: string | null;
  submitted_by: string;
  submitted_at: string;
  expires_at: string | null;
  environment: string;
  kept_until: string | null;
  remind_at: string | null;
  destroyed_at: string | null;
  destroyed_because: string | null;
  retired_at: string | null;
  retired_because: string | null;
  said_deleted_at: string | null;
  said_deleted_by: string | null;
  tried_at: string | null;
  tried_answer: string | null;
  tried_cause: string | null;
  refused_since: string | null;
  proved_dead_at: string | null;
  app_worked_at: string | null;
};

export const credentialFrom = (row: CredentialRow): Credential => ({
  id: row.id,
  tenantId: row.tenant_id,
  method: row.kind as Method,
  status: row.status as CredentialStatus,
  fingerprint: row.fingerprint,
  clientId: row.client_id,
  submittedBy: row.submitted_by,
  submittedAt: fromIso(row.submitted_at),
  expiresAt: fromIsoOrNull(row.expires_at),
  environment: row.environment as Environment,
  keptUntil: fromIsoOrNull(row.kept_until),
  remindAt: fromIsoOrNull(row.remind_at),
  destroyedAt: fromIsoOrNull(row.destroyed_at),
  destroyedBecause: row.destroyed_because as Destruction | null,
  retirement: retirementFrom(row),
});

function retirementFrom(row: CredentialRow): Retirement | null {
  if (row.retired_at === null) return null;
  const { said_deleted_at: saidAt, said_deleted_by: by, tried_at: triedAt, tried_answer: answer } = row;
  return {
    at: fromIso(row.retired_at),
    because: row.retired_because as Retirement['because'],
    saidDeleted: saidAt === null || by === null ? null : { at: fromIso(saidAt), by },
    tried: triedAt === null ? null : { at: fromIso(triedAt), answer: answer as DeathAnswer, cause: row.tried_cause },
    refusedSince: fromIsoOrNull(row.refused_since),
    provedDeadAt: fromIsoOrNull(row.proved_dead_at),
    appWorkedAt: fromIsoOrNull(row.app_worked_at),
  };
}
