import { fromIso, fromIsoOrNull, iso, type Knex } from '../platform/database.js';
import type { Cause } from './causes.js';

type Row = {
  id: string;
  kind: IncidentKind;
  subject: string;
  tenant_id: string | null;
  cause: Cause | null;
  opened_at: string;
  closed_at: string | null;
};

/** `connection`: one clinic's. `app`: RingCentral refuses our own app. `rejections`: many clinics refused at once. */
export type IncidentKind = 'connection' | 'app' | 'rejections';

export type Incident = {
  id: string;
  kind: IncidentKind;
  /** What it is about: a tenant's id, or the environment of our app. At most one is open for each. */
  subject: string;
  tenantId: string | null;
  cause: Cause | null;
  openedAt: Date;
  closedAt: Date | null;
};

/** All SQL on `incidents`. */
export const incidentStore = (db: Knex) => {
  const open = (kind: IncidentKind, subject: string) =>
    db<Row>('incidents').where({ kind, subject }).whereNull('closed_at');
  return {
    /** @returns undefined where one is open already: nothing was written */
    async open(incident: Omit<Incident, 'closedAt'>): Promise<string | undefined> {
      const [row] = await db<Row>('incidents')
        .insert({
          id: incident.id,
          kind: incident.kind,
          subject: incident.subject,
          tenant_id: incident.tenantId,
          cause: incident.cause,
          opened_at: iso(incident.openedAt),
        })
        .onConflict(db.raw('(kind, subject) where closed_at is null') as unknown as string)
        .ignore()
        .returning<{ id: string }[]>('id');
      return row?.id;
    },
    /** @returns undefined where none was open */
    async close(kind: IncidentKind, subject: string, at: Date): Promise<string | undefined> {
      const [row] = await open(kind, subject)
        .update({ closed_at: iso(at) })
        .returning<{ id: string }[]>('id');
      return row?.id;
    },
    async findOpen(kind: IncidentKind, subject: string): Promise<Incident | undefined> {
      const row = await open(kind, subject).first();
      return row && fromRow(row);
    },
    async find(id: string): Promise<Incident | undefined> {
      const row = await db<Row>('incidents').where({ id }).first();
      return row && fromRow(row);
    },
    /** Those of the portal as a whole, the newest first. */
    async ofPortal(limit: number): Promise<Incident[]> {
      const rows = await db<Row>('incidents').whereNull('tenant_id').orderBy('opened_at', 'desc').limit(limit);
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
  openedAt: fromIso(row.opened_at),
  closedAt: fromIsoOrNull(row.closed_at),
});
