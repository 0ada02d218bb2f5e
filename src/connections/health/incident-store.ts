import { acrossTenants } from '../../platform/database/across-tenants.js';
import { fromIso, fromIsoOrNull, iso, isoOrNull, type Knex } from '../../platform/database/database.js';
import type { Cause } from './causes.js';

type Row = {
  id: string;
  kind: IncidentKind;
  subject: string;
  tenant_id: string | null;
  cause: Cause | null;
  codes: string;
  opened_at: string;
  probed_at: string | null;
  closed_at: string | null;
  closed_how: Closing['how'] | null;
  closed_by: string | null;
};

/**
 * `connection`: one clinic. `app`: RingCentral rejects our own app. `scope`: our app lacks a scope that it needs.
 * `rejections`: many clinics are refused at once.
 * `budget`: RingCentral's rate limit is too low to prove all clinics. `renewal`: sign-ins have not been renewed for days.
 * `former_app`: clinics signed in with another app of ours than the one that is configured now.
 * `refresh_tokens`: RingCentral gave a new sign-in no refresh token.
 * `webhook`: an endpoint of webhooks was turned off.
 */
export type IncidentKind =
  'connection' | OurAppKind | 'rejections' | 'budget' | 'renewal' | 'former_app' | 'refresh_tokens' | 'webhook';

/** While one of these is open, RingCentral's answers say nothing about a clinic. */
export type OurAppKind = 'app' | 'scope';

/** By which checks wait for the end of an incident of our own app; those of first pastes have a name of their own. */
export const waitNameOf = (kind: OurAppKind, subject: string, isFirst: boolean): string =>
  `${kind} ${subject}${isFirst ? ' first' : ''}`;

/**
 * What ended an incident of one connection. `by`: the person who pasted or requested the check; null if there was
 * none.
 */
export type Closing = { how: 'new_credential' | 'check'; by: string | null };

export type Incident = {
  id: string;
  kind: IncidentKind;
  /** What the incident is about: a tenant's id, the name of our app, or an endpoint's id. At most one is open for each. */
  subject: string;
  tenantId: string | null;
  cause: Cause | null;
  /** RingCentral's codes in the answer that opened the incident. */
  codes: string[];
  openedAt: Date;
  /** When RingCentral was last asked whether the incident is over; null if nothing asks. */
  probedAt: Date | null;
  closedAt: Date | null;
  closing: Closing | null;
};

/** All SQL on `incidents`. */
export const incidentStore = (db: Knex) => {
  const open = (kind: IncidentKind, subject: string) =>
    acrossTenants(db<Row>('incidents'), 'by what it is about').where({ kind, subject }).whereNull('closed_at');
  return {
    /** @returns undefined, without writing anything, if one is already open */
    async open(incident: Omit<Incident, 'closedAt' | 'closing'>): Promise<string | undefined> {
      const [row] = await db<Row>('incidents')
        .insert({
          id: incident.id,
          kind: incident.kind,
          subject: incident.subject,
          tenant_id: incident.tenantId,
          cause: incident.cause,
          codes: JSON.stringify(incident.codes),
          opened_at: iso(incident.openedAt),
          probed_at: isoOrNull(incident.probedAt),
        })
        .onConflict(db.raw('(kind, subject) where closed_at is null') as unknown as string)
        .ignore()
        .returning<{ id: string }[]>('id');
      return row?.id;
    },
    /** @returns undefined if none was open */
    async close(kind: IncidentKind, subject: string, at: Date, closing?: Closing): Promise<string | undefined> {
      const [row] = await open(kind, subject)
        .update({ closed_at: iso(at), closed_how: closing?.how ?? null, closed_by: closing?.by ?? null })
        .returning<{ id: string }[]>('id');
      return row?.id;
    },
    /** @returns whether this call may be the next to ask, because no other call has since `before` */
    async probe(kind: IncidentKind, subject: string, at: Date, before: Date): Promise<boolean> {
      const changed = await open(kind, subject)
        .andWhere((due) => due.whereNull('probed_at').orWhere('probed_at', '<=', iso(before)))
        .update({ probed_at: iso(at) });
      return changed === 1;
    },
    /** Undoes `probe`, because RingCentral was not asked. */
    async giveBack(kind: IncidentKind, subject: string, before: Date): Promise<void> {
      await open(kind, subject).update({ probed_at: iso(before) });
    },
    async findOpen(kind: IncidentKind, subject: string): Promise<Incident | undefined> {
      const row = await open(kind, subject).first();
      return row && fromRow(row);
    },
    async find(id: string): Promise<Incident | undefined> {
      const row = await acrossTenants(db<Row>('incidents'), 'by its id, for staff and the worker')
        .where({ id })
        .first();
      return row && fromRow(row);
    },
    /** Incidents of the portal as a whole, newest first. */
    async ofPortal(limit: number): Promise<Incident[]> {
      const rows = await db<Row>('incidents').whereNull('tenant_id').orderBy('opened_at', 'desc').limit(limit);
      return rows.map(fromRow);
    },
    async openOfPortal(): Promise<Incident[]> {
      const rows = await db<Row>('incidents').whereNull('tenant_id').whereNull('closed_at').orderBy('opened_at');
      return rows.map(fromRow);
    },
    forTenant: (tenantId: string) => ({
      async newest(limit: number): Promise<Incident[]> {
        const mine = db<Row>('incidents').where({ tenant_id: tenantId });
        return (await mine.orderBy('opened_at', 'desc').limit(limit)).map(fromRow);
      },
    }),
  };
};

const fromRow = (row: Row): Incident => ({
  id: row.id,
  kind: row.kind,
  subject: row.subject,
  tenantId: row.tenant_id,
  cause: row.cause,
  codes: JSON.parse(row.codes) as string[],
  openedAt: fromIso(row.opened_at),
  probedAt: fromIsoOrNull(row.probed_at),
  closedAt: fromIsoOrNull(row.closed_at),
  closing: row.closed_how === null ? null : { how: row.closed_how, by: row.closed_by },
});
