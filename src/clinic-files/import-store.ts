import type { Actor } from '../audit/audit-events.js';
import { acrossTenants } from '../platform/database/across-tenants.js';
import { fromIso, fromIsoOrNull, iso, isoOrNull, unleased, type Knex } from '../platform/database/database.js';
import { deleteInBatches } from '../platform/database/delete-in-batches.js';
import type { PlannedRow } from './import-plan.js';
import type {
  ClinicImport,
  ImportCounts,
  ImportLine,
  ImportPlan,
  ImportState,
  LineProblem,
  LineResult,
} from './import-types.js';

type Row = {
  id: string;
  content_hash: string;
  state: ImportState;
  total: number;
  actor_kind: Actor['kind'];
  actor_id: string | null;
  created_at: string;
  started_at: string | null;
  ended_at: string | null;
  claimed_by: string | null;
  lease_until: string | null;
};
type LineRow = {
  id: string;
  import_id: string;
  line: number;
  external_ref: string;
  name: string;
  admin_email: string;
  language: string;
  time_zone: string;
  environment: string;
  state: 'waiting' | 'refused' | LineResult;
  problems: string | null;
  planned: LineResult | null;
  tenant_id: string | null;
  invitation: keyof ImportCounts['invitations'] | null;
  invited_at: string | null;
};

type Planned = { planned: LineResult | null; count: number | string };
type Counted = { state: string; invitation: string | null; count: number | string };

const why = 'the lines of one file, which is about many clinics';
/** Of a line that was not done, its number and what is wrong are kept: no erasure of a clinic would find the rest. */
const noValues = { external_ref: '', name: '', admin_email: '', language: '', time_zone: '', environment: '' };
const openStates: ImportState[] = ['loading', 'checked', 'running'];

/** All SQL on `clinic_imports` and `clinic_import_lines`. */
export const importStore = (db: Knex) => {
  const imports = () => db<Row>('clinic_imports');
  const lines = () => acrossTenants(db<LineRow>('clinic_import_lines'), why);
  return {
    async add(file: ClinicImport): Promise<void> {
      await imports().insert({
        id: file.id,
        content_hash: file.contentHash,
        state: file.state,
        total: file.total,
        actor_kind: file.actor.kind,
        actor_id: 'id' in file.actor ? file.actor.id : null,
        created_at: iso(file.createdAt),
        started_at: isoOrNull(file.startedAt),
        ended_at: isoOrNull(file.endedAt),
      });
    },
    async find(id: string): Promise<ClinicImport | undefined> {
      const row = await imports().where({ id }).first();
      return row && fromRow(row);
    },
    /** The newest import of a file with this content. */
    async findByHash(hash: string): Promise<ClinicImport | undefined> {
      const row = await imports()
        .where({ content_hash: hash })
        .orderBy([
          { column: 'created_at', order: 'desc' },
          { column: 'id', order: 'desc' },
        ])
        .first();
      return row && fromRow(row);
    },
    async newest(limit: number): Promise<ClinicImport[]> {
      const rows = await imports().orderBy('created_at', 'desc').limit(limit);
      return rows.map(fromRow);
    },
    /** @returns false if it is in another state by now */
    async move(
      id: string,
      from: readonly ImportState[],
      to: ImportState,
      also: { actor?: Actor; startedAt?: Date; endedAt?: Date } = {},
    ): Promise<boolean> {
      const { actor, startedAt, endedAt } = also;
      const changed = await imports()
        .where({ id })
        .whereIn('state', [...from])
        .update({
          state: to,
          ...(actor && { actor_kind: actor.kind, actor_id: 'id' in actor ? actor.id : null }),
          ...(startedAt && { started_at: iso(startedAt) }),
          ...(endedAt && { ended_at: iso(endedAt), claimed_by: null, lease_until: null }),
        });
      return changed === 1;
    },
    /** The import that was started first, for one worker at a time: also for the one that has it already. */
    async claim(workerId: string, now: Date, until: Date): Promise<ClinicImport | undefined> {
      const next = await imports().where({ state: 'running' }).orderBy(['started_at', 'id']).first();
      if (!next) return undefined;
      const claimed = await imports()
        .where({ id: next.id, state: 'running' })
        .andWhere((free) => free.where({ claimed_by: workerId }).orWhere(unleased(now)))
        .update({ claimed_by: workerId, lease_until: iso(until) });
      return claimed === 1 ? fromRow(next) : undefined;
    },

    /** The last line that was stored; 0 before the first. */
    async lastLine(importId: string): Promise<number> {
      const last = await lines().where({ import_id: importId }).max<{ line: number | null }[]>({ line: 'line' });
      return last[0]?.line ?? 0;
    },
    /** A line that is there already stays as it is. */
    async addLines(importId: string, rows: readonly PlannedRow[]): Promise<void> {
      const added = rows.map(({ line, values, problems, planned }): LineRow => ({
        id: `${importId}.${line}`,
        import_id: importId,
        line,
        ...(problems.length > 0 ? noValues : values),
        state: problems.length > 0 ? 'refused' : 'waiting',
        problems: problems.length > 0 ? JSON.stringify(problems) : null,
        planned: problems.length > 0 ? null : planned,
        tenant_id: null,
        invitation: null,
        invited_at: null,
      }));
      await lines().insert(added).onConflict('id').ignore();
    },
    async waiting(importId: string, limit: number): Promise<ImportLine[]> {
      const rows = await lines().where({ import_id: importId, state: 'waiting' }).orderBy('line').limit(limit);
      return rows.map(lineFromRow);
    },
    /** The first refused lines. */
    async refused(importId: string, limit: number): Promise<ImportLine[]> {
      const page = lines().where({ import_id: importId, state: 'refused' });
      return (await page.orderBy('line').limit(limit)).map(lineFromRow);
    },
    /** What is not needed any more is deleted. @returns false if the line was done already */
    async done(line: ImportLine, result: LineResult, tenantId: string): Promise<boolean> {
      const invites = line.values.admin_email !== '';
      const values = {
        state: result,
        tenant_id: tenantId,
        name: '',
        invitation: invites ? ('waiting' as const) : null,
      };
      return (await lines().where({ id: line.id, state: 'waiting' }).update(values)) === 1;
    },
    async refuse(line: ImportLine, problems: readonly LineProblem[], tenantId: string | null): Promise<void> {
      await lines()
        .where({ id: line.id, state: 'waiting' })
        .update({ ...noValues, state: 'refused', problems: JSON.stringify(problems), tenant_id: tenantId });
    },
    /** Of a file that was stopped: the lines are counted only. */
    async forgetWaiting(importId: string): Promise<void> {
      await lines().where({ import_id: importId, state: 'waiting' }).update(noValues);
    },
    /** What the lines that wait will do, and how many of them have an address. */
    async plan(importId: string): Promise<ImportPlan> {
      const waiting = () => lines().where({ import_id: importId, state: 'waiting' });
      const rows = await waiting().groupBy('planned').select('planned').count<Planned[]>({ count: '*' });
      const of = (result: LineResult) => Number(rows.find(({ planned }) => planned === result)?.count ?? 0);
      const [addressed] = await waiting()
        .whereNot({ admin_email: '' })
        .count<{ count: number | string }[]>({ count: '*' });
      const counted = { created: of('created'), changed: of('changed'), unchanged: of('unchanged') };
      return { ...counted, addresses: Number(addressed?.count ?? 0) };
    },
    /** The first lines that wait and will do this. */
    async firstOf(importId: string, planned: LineResult, limit: number): Promise<ImportLine[]> {
      const page = lines().where({ import_id: importId, state: 'waiting', planned });
      return (await page.orderBy('line').limit(limit)).map(lineFromRow);
    },
    async counts(importId: string): Promise<ImportCounts> {
      const rows = await lines()
        .where({ import_id: importId })
        .groupBy('state', 'invitation')
        .select('state', 'invitation')
        .count<Counted[]>({ count: '*' });
      const sum = (of: (row: (typeof rows)[number]) => boolean) =>
        rows.filter(of).reduce((total, { count }) => total + Number(count), 0);
      const inState = (state: string) => sum((row) => row.state === state);
      const invited = (state: string) => sum((row) => row.invitation === state);
      return {
        waiting: inState('waiting'),
        created: inState('created'),
        changed: inState('changed'),
        unchanged: inState('unchanged'),
        refused: inState('refused'),
        invitations: {
          waiting: invited('waiting'),
          sent: invited('sent'),
          not_needed: invited('not_needed'),
          refused: invited('refused'),
        },
      };
    },

    /** Lines whose invitation waits, of imports that were not stopped. */
    async toInvite(limit: number): Promise<ImportLine[]> {
      const going = imports().whereIn('state', ['running', 'finished']).select('id');
      const due = lines().where({ invitation: 'waiting' }).whereIn('import_id', going);
      return (await due.orderBy(['import_id', 'line']).limit(limit)).map(lineFromRow);
    },
    async invitedSince(since: Date): Promise<number> {
      const [row] = await lines()
        .where('invited_at', '>', iso(since))
        .count<{ count: number | string }[]>({ count: '*' });
      return Number(row?.count ?? 0);
    },
    /** Deletes the address. @returns false if another worker was first */
    async settleInvitation(id: string, to: 'sent' | 'not_needed' | 'refused', now: Date): Promise<boolean> {
      const settled = { invitation: to, admin_email: '', invited_at: to === 'sent' ? iso(now) : null };
      return (await lines().where({ id, invitation: 'waiting' }).update(settled)) === 1;
    },
    /** In the same transaction as `settleInvitation`. */
    async unsend(id: string, to: 'not_needed' | 'refused'): Promise<void> {
      await lines().where({ id }).update({ invitation: to, invited_at: null });
    },

    /** Imports that are over, or were never started, since before then. */
    async old({ unstarted, ended }: { unstarted: Date; ended: Date }): Promise<string[]> {
      const inviting = lines().where({ invitation: 'waiting' }).select('import_id');
      return acrossTenants(imports(), why)
        .where((it) => it.whereIn('state', ['loading', 'checked']).andWhere('created_at', '<', iso(unstarted)))
        .orWhere((it) => it.where({ state: 'stopped' }).andWhere('ended_at', '<', iso(ended)))
        .orWhere((it) =>
          it.where({ state: 'finished' }).andWhere('ended_at', '<', iso(ended)).whereNotIn('id', inviting),
        )
        .pluck('id');
    },
    async delete(id: string): Promise<void> {
      await deleteInBatches(() => lines().where({ import_id: id }), 'id');
      await imports().where({ id }).delete();
    },
  };
};

export const isOpen = ({ state }: Pick<ClinicImport, 'state'>): boolean => openStates.includes(state);

const fromRow = (row: Row): ClinicImport => ({
  id: row.id,
  contentHash: row.content_hash,
  state: row.state,
  total: row.total,
  actor: (row.actor_id === null ? { kind: row.actor_kind } : { kind: row.actor_kind, id: row.actor_id }) as Actor,
  createdAt: fromIso(row.created_at),
  startedAt: fromIsoOrNull(row.started_at),
  endedAt: fromIsoOrNull(row.ended_at),
});

const lineFromRow = (row: LineRow): ImportLine => ({
  id: row.id,
  importId: row.import_id,
  line: row.line,
  values: {
    external_ref: row.external_ref,
    name: row.name,
    admin_email: row.admin_email,
    language: row.language,
    time_zone: row.time_zone,
    environment: row.environment,
  },
  problems: row.problems === null ? [] : (JSON.parse(row.problems) as LineProblem[]),
  tenantId: row.tenant_id,
});
