import type { Check, CheckDetail, Trigger } from '../health/check-types.js';
import { acrossTenants } from '../../platform/database/across-tenants.js';
import { fromIso, iso, type Knex } from '../../platform/database/database.js';
import { deleteInBatches } from '../../platform/database/delete-in-batches.js';
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

/** As many as a page shows of one clinic. */
const KEPT_OF_TENANT = 50;

/**
 * All SQL on `checks`: what RingCentral was asked, when and why, and what it answered. Rows never change; old ones are
 * deleted.
 */
export const checkStore = (db: Knex) => ({
  /**
   * Deletes the checks that ended before then and that no page needs: of each clinic the newest are kept, and of each
   * credential the first and the last acceptance, and the last answer.
   */
  async deleteBefore(before: Date): Promise<void> {
    const others = (column: 'tenant_id' | 'credential_id') =>
      db('checks as other')
        .where(`other.${column}`, db.ref(`old.${column}`))
        .select('other.id');
    const ended = db.ref('old.finished_at');
    const later = () => others('credential_id').where('other.finished_at', '>', ended);
    const acceptedBefore = others('credential_id').where('other.finished_at', '<', ended);
    const enough = others('tenant_id').where('other.finished_at', '>', ended).orderBy('other.finished_at', 'desc');
    const rows = () =>
      acrossTenants(db('checks as old'), 'retention')
        .where('old.finished_at', '<', iso(before))
        .whereExists(
          enough
            .clone()
            .offset(KEPT_OF_TENANT - 1)
            .limit(1),
        )
        .whereExists(later())
        .andWhere((either) => {
          void either.whereNot('old.verdict', 'accepted').orWhere((between) => {
            void between
              .whereExists(acceptedBefore.clone().where('other.verdict', 'accepted'))
              .whereExists(later().where('other.verdict', 'accepted'));
          });
        });
    await deleteInBatches(rows, 'old.id');
  },
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
      /** What waits for a person's confirmation was accepted too. */
      async firstAccepted(credentialId: string, since: Date): Promise<Check | undefined> {
        const row = await of(credentialId, since)
          .andWhere((either) => either.where({ verdict: 'accepted' }).orWhere({ cause: 'not_confirmed' }))
          .orderBy('finished_at')
          .first();
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
