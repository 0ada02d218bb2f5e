import type { Check, CheckDetail, Trigger } from '../health/check-types.js';
import { fromIso, iso, type Knex } from '../../platform/database/database.js';
import type { Cause } from '../health/causes.js';

type Row = {
  id: string;
  tenant_id: string;
  credential_id: string;
  trigger: string;
  verdict: string;
  cause: string | null;
  warnings: string;
  detail: string;
  started_at: string;
  finished_at: string;
};

const newestFirst = ['finished_at', 'id'].map((column) => ({ column, order: 'desc' as const }));

/** All SQL on `checks`: what RingCentral was asked, when and why, and what it answered. Rows never change. */
export const checkStore = (db: Knex) => ({
  forTenant: (tenantId: string) => {
    const mine = () => db<Row>('checks').where({ tenant_id: tenantId });
    /** The checks of one credential, at `since` or later. */
    const of = (credentialId: string, since: Date) =>
      mine().andWhere({ credential_id: credentialId }).andWhere('finished_at', '>=', iso(since));
    return {
      async append(check: Check): Promise<void> {
        await db<Row>('checks').insert({
          id: check.id,
          tenant_id: tenantId,
          credential_id: check.credentialId,
          trigger: check.trigger,
          verdict: check.verdict,
          cause: check.cause,
          warnings: JSON.stringify(check.warnings),
          detail: JSON.stringify(check.detail),
          started_at: iso(check.startedAt),
          finished_at: iso(check.finishedAt),
        });
      },
      /** Newest first. */
      async newest(limit: number): Promise<Check[]> {
        return (await mine().orderBy(newestFirst).limit(limit)).map(fromRow);
      },
      async newestOf(credentialId: string, since: Date): Promise<Check | undefined> {
        const row = await of(credentialId, since).orderBy(newestFirst).first();
        return row && fromRow(row);
      },
      async firstAccepted(credentialId: string, since: Date): Promise<Check | undefined> {
        const row = await of(credentialId, since).andWhere({ verdict: 'accepted' }).orderBy('finished_at').first();
        return row && fromRow(row);
      },
    };
  },
});

const fromRow = (row: Row): Check => ({
  id: row.id,
  credentialId: row.credential_id,
  trigger: row.trigger as Trigger,
  verdict: row.verdict as Check['verdict'],
  cause: row.cause as Cause | null,
  warnings: JSON.parse(row.warnings) as Cause[],
  detail: JSON.parse(row.detail) as CheckDetail,
  startedAt: fromIso(row.started_at),
  finishedAt: fromIso(row.finished_at),
});
