import type { Knex, Transaction } from '../../platform/database/database.js';
import type { Environment } from '../../ringcentral/environments.js';
import { fixOwnerOf, type Cause } from '../health/causes.js';
import type { Writing } from '../health/connection-writer.js';
import { incidentStore, type Incident, type IncidentKind } from '../health/incident-store.js';
import type { Judged } from '../proof/proof.js';
import type { Control, RejectionControl } from './rejections.js';

type PortalKind = Exclude<IncidentKind, 'connection'>;

/**
 * While RingCentral rejects our own app, the whole portal makes one call a minute to find out whether it still does.
 */
const PROBE_EVERY_MS = 60_000;

/** If no check has tried for this long, none will soon. */
const REVIEW_AFTER_MS = 5 * PROBE_EVERY_MS;

type Review = {
  db: Knex;
  transaction: Transaction;
  environments: readonly Environment[];
  isAppAccepted: (environment: Environment) => Promise<boolean>;
  control: RejectionControl;
  /** Whether evidence can be renewed often enough for the number of clinics. */
  isBudgetEnough: () => Promise<boolean>;
};

/**
 * Incidents that are not limited to one clinic: RingCentral rejects our app, or refuses so many clinics at once that
 * the refusals are not believed. Checks open and close them; people need not close any.
 */
export const portalIncidents = ({ world, record, notices }: Pick<Writing, 'world' | 'record' | 'notices'>) => {
  type Found = Pick<Incident, 'cause' | 'codes'>;
  async function open(trx: Knex, kind: PortalKind, environment: Environment, found: Found): Promise<void> {
    const at = world.now();
    const incident = { id: world.newId(), kind, subject: environment, tenantId: null, openedAt: at, probedAt: at };
    const id = await incidentStore(trx).open({ ...incident, ...found });
    if (id === undefined) return;
    await notices.portalFailing(trx, id);
    await record(trx, { type: 'incident.opened', tenantId: null, data: dataOf(id, kind, found.cause) });
  }

  async function close(trx: Knex, kind: PortalKind, environment: Environment): Promise<void> {
    const closed = await incidentStore(trx).close(kind, environment, world.now());
    if (!closed) return;
    await notices.recovered(trx, closed, null);
    await record(trx, { type: 'incident.closed', tenantId: null, data: dataOf(closed, kind, null) });
  }

  return {
    open,
    close,

    /**
     * Whether a check may ask RingCentral now. While our app is rejected, one check a minute may, to find out whether
     * it still is; only a call of the token endpoint can tell.
     */
    async mayAsk(db: Knex, environment: Environment): Promise<'yes' | 'to_try_our_app' | 'no'> {
      const now = world.now();
      const incidents = incidentStore(db);
      if (!(await incidents.findOpen('app', environment))) return 'yes';
      const mayProbe = await incidents.probe('app', environment, now, new Date(now.getTime() - PROBE_EVERY_MS));
      return mayProbe ? 'to_try_our_app' : 'no';
    },

    /** The admitted check could not be sent yet, so the next check may try. */
    async wasNotAsked(db: Knex, environment: Environment): Promise<void> {
      await incidentStore(db).giveBack('app', environment, new Date(world.now().getTime() - PROBE_EVERY_MS));
    },

    /**
     * Closes incidents that no check would close, because no tenant is left to check or none is refused any more.
     *
     * @param isAppAccepted asks RingCentral with an invalid assertion whether it accepts our app
     */
    async review({ db, transaction, environments, isAppAccepted, control, isBudgetEnough }: Review): Promise<void> {
      const isEnough = await isBudgetEnough();
      const isOpen = (await incidentStore(db).findOpen('budget', 'production')) !== undefined;
      if (isEnough === isOpen)
        await transaction((trx) =>
          isEnough ? close(trx, 'budget', 'production') : open(trx, 'budget', 'production', { cause: null, codes: [] }),
        );
      for (const environment of environments) {
        const before = new Date(world.now().getTime() - REVIEW_AFTER_MS);
        const isIdle = await incidentStore(db).probe('app', environment, world.now(), before);
        if (isIdle && (await isAppAccepted(environment))) await transaction((trx) => close(trx, 'app', environment));
        if (!(await incidentStore(db).findOpen('rejections', environment))) continue;
        if ((await control(db, environment)) === 'works')
          await transaction((trx) => close(trx, 'rejections', environment));
      }
    },

    /**
     * Runs in the transaction of a check's verdict: opens the incident if our app was rejected and closes it if it
     * was accepted.
     */
    async noteProof(trx: Knex, environment: Environment, { verdict, detail }: Judged): Promise<void> {
      if (detail.step === 'local' || detail.step === 'incident') return; // RingCentral was not asked
      if (verdict.kind !== 'accepted' && verdict.cause === 'app_misconfigured')
        return open(trx, 'app', environment, { cause: verdict.cause, codes: detail.codes ?? [] });
      // Any other refusal means that RingCentral accepted our client ID and secret. An inconclusive answer says
      // nothing about them.
      if (verdict.kind !== 'inconclusive') return close(trx, 'app', environment);
    },

    /** Runs in the transaction of a refusal for which a control credential was tried. */
    async noteControl(
      trx: Knex,
      environment: Environment,
      control: Control,
      { verdict, detail }: Judged,
    ): Promise<void> {
      if (control === 'works') return close(trx, 'rejections', environment);
      if (control === 'refused' && verdict.kind === 'refused')
        return open(trx, 'rejections', environment, { cause: verdict.cause, codes: detail.codes ?? [] });
    },
  };
};

const dataOf = (id: string, kind: PortalKind, cause: Cause | null) => ({
  incident_id: id,
  kind,
  cause,
  fix_owner: cause === null ? null : fixOwnerOf(cause),
});
