import type { Actor, Origin } from '../audit/audit-events.js';
import { auditStore } from '../audit/audit-store.js';
import type { ChecksBudget } from '../connections/checks/effective-interval.js';
import type { ClinicEvidence, RunEvidenceReader } from '../connections/run-evidence.js';
import type { Transaction } from '../platform/database/database.js';
import { boundTo, inTransaction } from '../platform/database/lock.js';
import type { World } from '../platform/world.js';
import type { Tenant } from '../tenants/tenant-types.js';
import { estimatedMinutes, slotAt, type Run } from './plan.js';
import { verdictFor, type Verdict } from './verdict.js';

/** One clinic in the answer to "will the run at that time work?". */
export type Judged = { tenant: Tenant; checkedAt: Date | null; verdict: Verdict };

/** For how many checks the budget is used before those of this place, by environment: each has a budget. */
export type Ahead = { [Environment in Tenant['environment']]?: number | undefined };

/** Where the next page begins. */
export type PreflightCursor = { after: string; ahead: Ahead };

/** Which clinics; `tenantIds` null: all of them. */
export type Scope = { by: Date; tenantIds: readonly string[] | null };

type Deps = {
  transaction: Transaction;
  world: Pick<World, 'now' | 'newId'>;
  evidence: RunEvidenceReader;
  tenantsWithIds: (ids: string[]) => Promise<Tenant[]>;
  /** null if each clinic has a separate budget. */
  budget: ChecksBudget | null;
};

type Found = Judged & { active: ClinicEvidence['active']; slot: Date | null };

/** Clinics of one page when all of them are examined. */
const PAGE = 200;

/** Answers "will the run at that time work?", and plans the checks of what is not known. Asks RingCentral nothing. */
export const preflightService = ({ transaction, world, evidence, tenantsWithIds, budget }: Deps) => {
  const inPlan = inTransaction(transaction, (trx) => ({
    ...boundTo(trx, { plan: evidence.plan }),
    audit: auditStore(trx, world),
  }));

  const runAt = async (by: Date): Promise<Run> => ({ now: world.now(), by, intervalMs: await evidence.intervalMs() });

  type Asked = Scope & { limit: number; cursor?: PreflightCursor | undefined; isInDoubt?: boolean };

  /** A keyset page in the order of the tenants' ids. `isInDoubt`: leaves out most of the clinics that work. */
  async function read({ by, tenantIds, limit, cursor, isInDoubt = false }: Asked) {
    const run = await runAt(by);
    const rejected = await evidence.rejectedApps();
    const rows = await evidence.page({
      limit: limit + 1,
      after: cursor?.after,
      among: tenantIds ?? undefined,
      // While our app is rejected, every clinic is in doubt.
      inDoubtAt: isInDoubt && rejected.size === 0 ? (by > run.now ? by : run.now) : undefined,
    });
    const page = rows.slice(0, limit);
    const tenants = new Map((await tenantsWithIds(page.map(({ tenantId }) => tenantId))).map((one) => [one.id, one]));
    const ahead: Ahead = { ...cursor?.ahead };
    const found = page.flatMap(({ tenantId, health, checkedAt, active }): Found[] => {
      const tenant = tenants.get(tenantId);
      if (!tenant) return [];
      const { environment } = tenant;
      const moment = { ...run, isAppRejected: rejected.has(environment) };
      const verdict = verdictFor(
        { health, expiresAt: active?.expiresAt ?? null, method: active?.method ?? 'jwt' },
        moment,
      );
      const common = { tenant, checkedAt, active };
      if (verdict.kind !== 'unknown' || verdict.reason !== 'evidence_too_old')
        return [{ ...common, verdict, slot: null }];
      const position = ahead[environment] ?? 0;
      ahead[environment] = position + 1;
      const slot = slotAt(position, run, budget);
      return [{ ...common, slot, verdict: slot ? verdict : { kind: 'unknown', reason: 'budget_too_small' } }];
    });
    const last = page.at(-1);
    return { found, next: rows.length > page.length && last ? { after: last.tenantId, ahead } : null };
  }

  async function* pages(scope: Scope) {
    let cursor: PreflightCursor | undefined;
    do {
      const { found, next } = await read({ ...scope, limit: PAGE, cursor, isInDoubt: true });
      yield found;
      cursor = next ?? undefined;
    } while (cursor);
  }

  return {
    /** All clinics in the order of their ids; a keyset page. */
    page: async (scope: Scope, limit: number, cursor?: PreflightCursor) => {
      const { found, next } = await read({ ...scope, limit, cursor });
      return { clinics: found.map(judgedOf), next };
    },

    /** The first clinics that are no-go or unknown, at most `limit`; `next` is null if these are all. */
    inDoubt: async (scope: Scope, limit: number, cursor?: PreflightCursor) => {
      const { found, next } = await read({ ...scope, limit, cursor, isInDoubt: true });
      return { clinics: found.filter(({ verdict }) => verdict.kind !== 'go').map(judgedOf), next };
    },

    /** A page tells a program of many clinics, so each page leaves an audit row. */
    noteRead: (by: Date, count: number, actor: Actor, origin: Origin): Promise<void> =>
      inPlan(({ audit }) => {
        const detail = { by: by.toISOString(), count };
        return audit.append({ action: 'preflight.read_by_key', actor, outcome: 'ok', detail, origin });
      }),

    counts: () => evidence.counts(),

    /**
     * How long a run needs at most to get a token for each of these clinics that works, in minutes: none may have a
     * token then. Depends on no other clinic, because a key for some clinics reads it.
     */
    estimatedMinutes: async (tenantIds: readonly string[] | null): Promise<number> =>
      estimatedMinutes(
        tenantIds === null ? (await evidence.counts()).working : await evidence.workingAmong(tenantIds),
        budget,
      ),

    /**
     * Queues a check of every clinic whose evidence will be too old, as far as the budget can prove it before the run.
     * Asking again queues nothing twice.
     *
     * @returns how many checks were queued now
     */
    async queueUnknown(scope: Scope, actor: Actor, origin?: Origin): Promise<number> {
      let queued = 0;
      for await (const found of pages(scope))
        queued += await inPlan(async ({ plan }) => {
          let changed = 0;
          for (const { tenant, active, slot } of found)
            if (active && slot && (await plan(tenant.id, active.id, slot, scope.by))) changed += 1;
          return changed;
        });
      if (queued > 0) evidence.poke();
      if (queued > 0 || actor.kind !== 'portal')
        await inPlan(({ audit }) =>
          audit.append({
            action: 'preflight.checks_queued',
            actor,
            outcome: 'ok',
            detail: { by: scope.by.toISOString(), queued },
            origin,
          }),
        );
      return queued;
    },

    /**
     * Counts the clinics, page by page.
     *
     * @param most ends the count after so many clinics that are no-go or unknown; then it is not complete
     */
    async summary(by: Date, most = Infinity) {
      const { all } = await evidence.counts();
      const first: Judged[] = [];
      const counts = { noGo: 0, unknown: 0 };
      let isComplete = true;
      for await (const found of pages({ by, tenantIds: null })) {
        for (const one of found) {
          if (one.verdict.kind === 'unknown') counts.unknown += 1;
          if (one.verdict.kind !== 'no_go') continue;
          counts.noGo += 1;
          if (first.length < MOST_NAMED) first.push(judgedOf(one));
        }
        if (counts.noGo + counts.unknown < most) continue;
        isComplete = false;
        break;
      }
      return { ...counts, go: Math.max(0, all - counts.noGo - counts.unknown), all, isComplete, first };
    },
  };
};

export type PreflightService = ReturnType<typeof preflightService>;

/** Clinics that a summary names. */
const MOST_NAMED = 10;

const judgedOf = ({ tenant, checkedAt, verdict }: Judged): Judged => ({ tenant, checkedAt, verdict });
