import type { Actor, Origin } from '../audit/audit-events.js';
import { auditStore } from '../audit/audit-store.js';
import type { Knex, Transaction } from '../platform/database/database.js';
import { inLock } from '../platform/database/lock.js';
import type { World } from '../platform/world.js';
import type { ReadTenants } from '../tenants/tenant-reader.js';
import type { Environment } from '../tenants/tenant-types.js';
import { checkedRows, surveyFile, type CheckedRow, type FileFacts } from './csv/check-file.js';
import type { FileBytes } from './csv/decode.js';
import { importStore, isOpen } from './import-store.js';
import { plannedRows } from './import-plan.js';
import type { ClinicImport, ImportCounts, ImportLine, ImportPlan, LineResult } from './import-types.js';

type Dependencies = {
  db: Knex;
  transaction: Transaction;
  world: Pick<World, 'now' | 'newId'>;
  environments: readonly Environment[];
  readTenants: ReadTenants;
  /** Tells the worker of this process that an import was started. */
  poke: () => void;
};

const ROWS_AT_ONCE = 200;
const MOST_LISTED = 20;
const DAY_MS = 24 * 3600_000;
/** A file that was checked and not imported. */
const UNSTARTED_KEPT_MS = DAY_MS;
const ENDED_KEPT_MS = 30 * DAY_MS;

/** Files of clinics, from the check to the worker that applies them. */
export function importService({ db, transaction, world, environments, readTenants, poke }: Dependencies) {
  const open = (trx: Knex) => ({ imports: importStore(trx), audit: auditStore(trx, world) });
  /** Two requests with the same file find the same import. */
  const inFileLock = inLock(transaction, 'clinic_file', open);

  const add = (total: number, contentHash: string, actor: Actor): ClinicImport => ({
    id: world.newId(),
    contentHash,
    state: 'loading',
    total,
    actor,
    createdAt: world.now(),
    startedAt: null,
    endedAt: null,
  });

  return {
    /** Reads a file once. @throws {UnreadableFile} */
    survey: (file: FileBytes, mostBytes: number): Promise<FileFacts> => surveyFile(file, { mostBytes }),

    /** The rows of a surveyed file, with their problems. */
    rows: (file: FileBytes, facts: FileFacts): AsyncGenerator<CheckedRow> => checkedRows(file, facts, environments),

    /** The newest import of a file with this content. */
    findByHash: (hash: string): Promise<ClinicImport | undefined> => importStore(db).findByHash(hash),

    /**
     * Stores the rows of a surveyed file, for `start`. If an import of the same content is not over, goes on with it.
     */
    async store(file: FileBytes, facts: FileFacts, actor: Actor, origin?: Origin): Promise<ClinicImport> {
      const found = await inFileLock(facts.hash, async ({ imports }) => {
        const before = await imports.findByHash(facts.hash);
        if (before && isOpen(before)) return before;
        const added = add(facts.rows, facts.hash, actor);
        await imports.add(added);
        return added;
      });
      if (found.state !== 'loading') return found;
      const last = await importStore(db).lastLine(found.id);
      let batch: CheckedRow[] = [];
      const flush = async () => {
        const rows = batch;
        batch = [];
        if (rows.length === 0) return;
        const planned = await plannedRows(rows, readTenants(db));
        await transaction((trx) => importStore(trx).addLines(found.id, planned));
      };
      for await (const row of checkedRows(file, facts, environments)) {
        if (row.line <= last) continue;
        batch.push(row);
        if (batch.length === ROWS_AT_ONCE) await flush();
      }
      await flush();
      await inFileLock(facts.hash, async ({ imports, audit }) => {
        if (!(await imports.move(found.id, ['loading'], 'checked'))) return;
        const { refused } = await imports.counts(found.id);
        const detail = { rows: facts.rows, refused };
        await audit.append({ action: 'import.checked', actor, target: found.id, outcome: 'ok', detail, origin });
      });
      return (await importStore(db).find(found.id)) ?? found;
    },

    /** From now on the worker applies it. @returns false if it is not checked, or was started already */
    async start({ id, contentHash, total }: ClinicImport, actor: Actor, origin?: Origin): Promise<boolean> {
      const started = await inFileLock(contentHash, async ({ imports, audit }) => {
        if (!(await imports.move(id, ['checked'], 'running', { actor, startedAt: world.now() }))) return false;
        const detail = { rows: total };
        await audit.append({ action: 'import.started', actor, target: id, outcome: 'ok', detail, origin });
        return true;
      });
      if (started) poke();
      return started;
    },

    /** What is not done by now is not done. @returns false if it is over already */
    stop: ({ id, contentHash }: ClinicImport, actor: Actor, origin?: Origin): Promise<boolean> =>
      inFileLock(contentHash, async ({ imports, audit }) => {
        const endedAt = world.now();
        if (!(await imports.move(id, ['loading', 'checked', 'running'], 'stopped', { endedAt }))) return false;
        await imports.forgetWaiting(id);
        await audit.append({ action: 'import.stopped', actor, target: id, outcome: 'ok', origin });
        return true;
      }),

    find: (id: string): Promise<ClinicImport | undefined> => importStore(db).find(id),
    newest: (): Promise<ClinicImport[]> => importStore(db).newest(MOST_LISTED),
    plan: (id: string): Promise<ImportPlan> => importStore(db).plan(id),
    firstOf: (id: string, planned: LineResult, limit: number): Promise<ImportLine[]> =>
      importStore(db).firstOf(id, planned, limit),
    counts: (id: string): Promise<ImportCounts> => importStore(db).counts(id),
    refused: (id: string, limit: number): Promise<ImportLine[]> => importStore(db).refused(id, limit),

    async prune(): Promise<void> {
      const before = (ms: number) => new Date(world.now().getTime() - ms);
      const old = await importStore(db).old({ unstarted: before(UNSTARTED_KEPT_MS), ended: before(ENDED_KEPT_MS) });
      for (const id of old) await importStore(db).delete(id);
    },
  };
}

export type ImportService = ReturnType<typeof importService>;
