import type { InvitationService } from '../accounts/invitations/invitation-service.js';
import type { ConnectionService } from '../connections/connection-service.js';

const DAY_MS = 24 * 3_600_000;
/** Clinics whose first invitation is older are not counted: their way says little of today's pages. */
export const FUNNEL_DAYS = 90;
const AT_ONCE = 500;

/** The steps of a clinic until it is connected, in order. */
export const funnelSteps = ['invited', 'opened', 'console', 'pasted', 'connected'] as const;
export type FunnelStep = (typeof funnelSteps)[number];

/** When a clinic first reached each step; null if it has not, or if no one noted it. */
export type Way = Record<FunnelStep, Date | null>;

/** `reached`: this step or a later one. `medianMs`: from the step before, of those with both times; null without any. */
export type Funnel = { step: FunnelStep; reached: number; medianMs: number | null }[];

/** Counts ways one by one, so that all clinics need not be in memory. */
export function funnelCounter() {
  const reached = funnelSteps.map(() => 0);
  const durations = funnelSteps.map((): number[] => []);
  return {
    add(way: Way): void {
      const last = funnelSteps.findLastIndex((step) => way[step] !== null);
      for (const [index, step] of funnelSteps.entries()) {
        if (index <= last) reached[index] = (reached[index] ?? 0) + 1;
        const before = funnelSteps[index - 1];
        const [from, to] = [before === undefined ? null : way[before], way[step]];
        // A colleague may paste before the invitation is accepted; that is no time between the two.
        if (from && to && to >= from) durations[index]?.push(to.getTime() - from.getTime());
      }
    },
    funnel: (): Funnel =>
      funnelSteps.map((step, index) => ({
        step,
        reached: reached[index] ?? 0,
        medianMs: medianOf(durations[index] ?? []),
      })),
  };
}

/** Of an even number, the mean of the two in the middle. */
export function medianOf(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low = 0, high = 0] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return (low + high) / 2;
}

type Deps = {
  now: () => Date;
  invitations: Pick<InvitationService, 'firstOfTenants'>;
  connections: Pick<ConnectionService, 'connectedAtOf'>;
  /** The first visits of the step in RingCentral's console. */
  consoleVisits: (tenantIds: readonly string[]) => Promise<ReadonlyMap<string, Date>>;
  /** When each tenant first gave a JWT or a sign-in. */
  firstPastes: (tenantIds: readonly string[]) => Promise<ReadonlyMap<string, Date>>;
};

/** The worker walks all clinics that were invited in the last 90 days; a page would be too slow. */
export const readFunnel =
  ({ now, invitations, connections, consoleVisits, firstPastes }: Deps) =>
  async (): Promise<Funnel> => {
    const since = new Date(now().getTime() - FUNNEL_DAYS * DAY_MS);
    const counter = funnelCounter();
    let after: string | undefined;
    for (;;) {
      const page = await invitations.firstOfTenants(AT_ONCE, after);
      const recent = page.filter(({ invitedAt }) => invitedAt >= since);
      const ids = recent.map(({ tenantId }) => tenantId);
      const [visits, pastes, connected] =
        ids.length === 0
          ? []
          : await Promise.all([consoleVisits(ids), firstPastes(ids), connections.connectedAtOf(ids)]);
      for (const { tenantId, invitedAt, acceptedAt } of recent)
        counter.add({
          invited: invitedAt,
          opened: acceptedAt,
          console: visits?.get(tenantId) ?? null,
          pasted: pastes?.get(tenantId) ?? null,
          connected: connected?.get(tenantId) ?? null,
        });
      after = page.at(-1)?.tenantId;
      if (page.length < AT_ONCE) return counter.funnel();
    }
  };
