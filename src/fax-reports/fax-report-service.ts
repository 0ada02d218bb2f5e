import type { Actor, Origin } from '../audit/audit-events.js';
import { auditStore } from '../audit/audit-store.js';
import type { Knex, Transaction } from '../platform/database/database.js';
import { boundTo, inLock } from '../platform/database/lock.js';
import type { World } from '../platform/world.js';
import { faxReportStore } from './fax-report-store.js';
import type { FaxReport, LineCounts, ReportedLine, RunReport } from './fax-report-types.js';
import { fetchedUpTo, nothingYet, withRun } from './mailbox.js';

/** The fax lines that the portal has found, and whether the clinic has them read. */
export type KnownLines = ReadonlyMap<string, { selected: boolean }>;

type Deps = {
  transaction: Transaction;
  world: Pick<World, 'now' | 'newId'>;
  linesOf: (trx: Knex, tenantId: string) => Promise<KnownLines>;
  /** Judges the connection with what was reported. */
  onReported: (trx: Knex, tenantId: string) => Promise<void>;
};

export type ReportOutcome =
  | { kind: 'kept' }
  /** The report of a later run is kept already. */
  | { kind: 'outdated' }
  /** The positions of lines that the portal has not found. */
  | { kind: 'unknown_lines'; at: number[] };

/** Keeps what the fax pull reports. */
export const faxReportService = ({ transaction, world, linesOf, onReported }: Deps) => {
  const inTenantLock = inLock(transaction, 'tenant', (trx, tenantId) => ({
    reports: faxReportStore(trx).forTenant(tenantId),
    audit: auditStore(trx, world).forTenant(tenantId),
    ...boundTo(trx, { linesOf, onReported }),
  }));

  return {
    /** The same report twice has the effect of one. */
    report: (tenantId: string, run: RunReport, actor: Actor, origin: Origin): Promise<ReportOutcome> =>
      inTenantLock(tenantId, async ({ reports, audit, linesOf, onReported }) => {
        const known = await linesOf(tenantId);
        const unknown = run.lines.flatMap(({ extensionId }, n) => (known.has(extensionId) ? [] : [n]));
        if (unknown.length > 0) return { kind: 'unknown_lines', at: unknown };
        const before = await reports.find();
        if (before && before.completedAt > run.completedAt) return { kind: 'outdated' };
        await reports.save(afterRun(before, run, known), world.now());
        await onReported(tenantId);
        await audit.append({ action: 'fax_pull.reported', actor, outcome: 'ok', detail: totalsOf(run), origin });
        return { kind: 'kept' };
      }),
  };
};

export type FaxReportService = ReturnType<typeof faxReportService>;

/**
 * A line that the run left out keeps what an earlier run said of it. A line that the clinic no longer has read is
 * forgotten: no run will say when its mailbox is emptied.
 */
function afterRun(before: FaxReport | undefined, { completedAt, lines }: RunReport, known: KnownLines): FaxReport {
  const earlier = new Map(before?.lines.map((line) => [line.extensionId, line]));
  const fresh = lines.map((line) => withCounts(earlier.get(line.extensionId), line, completedAt));
  const all = new Map([...earlier, ...fresh.map((line) => [line.extensionId, line] as const)]);
  const kept = [...all.values()].filter(({ extensionId }) => known.get(extensionId)?.selected);
  const selected = [...known].filter(([, { selected }]) => selected).map(([id]) => id);
  return { completedAt, fetchedAt: fetchedUpTo(selected, kept), lines: kept };
}

function withCounts(before: ReportedLine | undefined, line: LineCounts, completedAt: Date): ReportedLine {
  const hasNew = line.fetched > 0 || line.pending > (before?.pending ?? 0);
  const run = { at: completedAt, messages: line.mailboxMessages, hasNew };
  return {
    ...line,
    completedAt,
    mailboxMessages: line.mailboxMessages ?? before?.mailboxMessages ?? null,
    recent: withRun(before?.recent ?? nothingYet, run),
  };
}

function totalsOf({ lines }: RunReport): Record<string, number> {
  const sum = (of: 'fetched' | 'pending' | 'failed' | 'lost' | 'gaps') =>
    lines.reduce((total, line) => total + line[of], 0);
  return {
    lines: lines.length,
    fetched: sum('fetched'),
    pending: sum('pending'),
    failed: sum('failed'),
    lost: sum('lost'),
    gaps: sum('gaps'),
  };
}
