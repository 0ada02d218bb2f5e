import { credentialReader } from '../../credentials/credential-service.js';
import type { Knex, Transaction } from '../../platform/database/database.js';
import { appNameOf, isEnvironment, type AppName, type Environment } from '../../ringcentral/environments.js';
import { fixOwnerOf, type Cause } from '../health/causes.js';
import { connectionStore } from '../health/connection-store.js';
import type { Writing } from '../health/connection-writer.js';
import type { OverdueWatch } from '../health/overdue-sign-ins.js';
import { incidentStore, type Incident, type IncidentKind, type OurAppKind } from '../health/incident-store.js';
import type { Judged } from '../proof/judged.js';
import { ourAppIncident } from './check-judgement.js';
import { checkQueue } from './check-queue.js';
import type { Control, RejectionControl } from './rejections.js';

type PortalKind = Exclude<IncidentKind, 'connection' | 'webhook'>;

type Deps = Pick<Writing, 'world' | 'record' | 'notices'> & {
  /** A query for the ids of the tenants in an environment; undefined: all tenants. */
  tenantsIn: (db: Knex, environment: Environment) => Knex.QueryBuilder | undefined;
};

const ourAppKinds: readonly OurAppKind[] = ['app', 'scope'];

/**
 * While RingCentral rejects our own app, the whole portal makes one call a minute to find out whether it still does.
 */
const PROBE_EVERY_MS = 60_000;

/** If no check has tried for this long, none will soon. */
const REVIEW_AFTER_MS = 5 * PROBE_EVERY_MS;

type Review = {
  db: Knex;
  transaction: Transaction;
  /** our apps, by name */
  apps: readonly AppName[];
  isAppAccepted: (app: AppName) => Promise<boolean>;
  control: RejectionControl;
  environments: readonly Environment[];
  /** Whether sign-ins wait for an app of ours that is not configured any more. */
  hasSignInsOfFormerApp: (environment: Environment) => Promise<boolean>;
  /** Whether evidence can be renewed often enough for the number of clinics. */
  isBudgetEnough: () => Promise<boolean>;
  overdue: OverdueWatch;
};

/**
 * Incidents that are not limited to one clinic: RingCentral rejects our app, or refuses so many clinics at once that
 * the refusals are not believed. Checks open and close them; people need not close any.
 */
export const portalIncidents = ({ world, record, notices, tenantsIn }: Deps) => {
  type Found = Pick<Incident, 'cause' | 'codes'>;
  async function open(trx: Knex, kind: PortalKind, subject: AppName, found: Found): Promise<void> {
    const at = world.now();
    const incident = { id: world.newId(), kind, subject, tenantId: null, openedAt: at, probedAt: at };
    const id = await incidentStore(trx).open({ ...incident, ...found });
    if (id === undefined) return;
    await notices.portalFailing(trx, id);
    await record(trx, { type: 'incident.opened', tenantId: null, data: dataOf(id, kind, found.cause) });
  }

  async function close(trx: Knex, kind: PortalKind, subject: AppName): Promise<void> {
    const closed = await incidentStore(trx).close(kind, subject, world.now());
    if (!closed) return;
    await notices.recovered(trx, closed, null);
    await record(trx, { type: 'incident.closed', tenantId: null, data: dataOf(closed, kind, null) });
    if (kind === 'app' || kind === 'scope') await checkQueue(trx, world).endWait(kind, subject);
  }

  const aMinuteAgo = () => new Date(world.now().getTime() - PROBE_EVERY_MS);

  /** @returns whether this call may be the one a minute that finds out whether the incident is over */
  const mayProbe = (db: Knex, kind: OurAppKind, app: AppName): Promise<boolean> =>
    incidentStore(db).probe(kind, app, world.now(), aMinuteAgo());

  /** A check of a sign-in says nothing about the app for JWTs. */
  const nextToProbe = async (db: Knex, environment: Environment) => {
    const signedIn = await credentialReader(db).tenantsBy('authorization_code');
    return connectionStore(db).nextToProbe(tenantsIn(db, environment), signedIn);
  };

  async function bringForward(
    db: Knex,
    { tenantId, works }: { tenantId: string; works: boolean },
    trigger: 'schedule' | 'confirmation',
  ): Promise<void> {
    const living = await credentialReader(db).living(tenantId);
    const credential = living.find(({ status }) => status === (works ? 'active' : 'pending'));
    if (credential) await checkQueue(db, world).forTenant(tenantId).bringForward(credential.id, trigger);
  }

  return {
    open,
    close,

    /**
     * Whether a check may ask RingCentral now. While our app is refused, one check a minute may, to find out whether
     * it still is; only a call of the token endpoint can tell. A missing scope is tried with a clinic that is known to
     * work, if there is one: the answer then concerns our app and not the clinic. A person who signs in always tries.
     * `recovers`: the check recovers a sign-in, which a missing scope must not stop.
     */
    async mayAsk(
      db: Knex,
      app: AppName,
      { isKnownToWork, recovers }: { isKnownToWork: boolean; recovers: boolean },
    ): Promise<'yes' | 'to_try_our_app' | { waitsFor: OurAppKind }> {
      for (const kind of recovers ? (['app'] as const) : ourAppKinds) {
        if (!(await incidentStore(db).findOpen(kind, app))) continue;
        const isSuited =
          kind === 'app' || isKnownToWork || !isEnvironment(app) || (await nextToProbe(db, app))?.works !== true;
        return isSuited && (await mayProbe(db, kind, app)) ? 'to_try_our_app' : { waitsFor: kind };
      }
      return 'yes';
    },

    /** The open incident of our own app, if there is one: RingCentral's answers say nothing about a clinic. */
    async openOfApp(db: Knex, app: AppName): Promise<OurAppKind | null> {
      for (const kind of ourAppKinds) if (await incidentStore(db).findOpen(kind, app)) return kind;
      return null;
    },

    /** Whether a job may ask for a token. A missing scope does not stop jobs that can do without it. */
    async mayMint(db: Knex, app: AppName): Promise<boolean> {
      return !(await incidentStore(db).findOpen('app', app)) || mayProbe(db, 'app', app);
    },

    /** The admitted check could not be sent yet, so the next check may try. */
    async wasNotAsked(db: Knex, app: AppName): Promise<void> {
      for (const kind of ourAppKinds) await incidentStore(db).giveBack(kind, app, aMinuteAgo());
    },

    /**
     * Brings forward the check that tries next whether an incident of our app for JWTs is over. The clinic checked longest
     * ago is used, so that no single clinic's own problem hides the answer.
     */
    async bringProbeForward(db: Knex, environments: readonly Environment[]): Promise<void> {
      for (const environment of environments)
        for (const kind of ourAppKinds) {
          const incident = await incidentStore(db).findOpen(kind, environment);
          if (!incident || (incident.probedAt !== null && incident.probedAt > aMinuteAgo())) continue;
          const next = await nextToProbe(db, environment);
          if (next) await bringForward(db, next, 'schedule');
        }
    },

    /** Brings forward the check of a working JWT: what RingCentral says to it shows whether our app works. */
    async bringWitnessForward(db: Knex, environment: Environment): Promise<void> {
      const next = await nextToProbe(db, environment);
      if (next?.works) await bringForward(db, next, 'confirmation');
    },

    /**
     * Closes incidents that no check would close, because no tenant is left to check or none is refused any more. Opens
     * and closes those that no answer of RingCentral shows.
     *
     * @param isAppAccepted asks RingCentral with an invalid assertion whether it accepts our app
     */
    async review(review: Review): Promise<void> {
      const { db, transaction, apps, isAppAccepted, control } = review;
      const settle = async (kind: PortalKind, subject: AppName, isSo: boolean): Promise<void> => {
        if (isSo === ((await incidentStore(db).findOpen(kind, subject)) !== undefined)) return;
        const found = { cause: null, codes: [] };
        await transaction((trx) => (isSo ? open(trx, kind, subject, found) : close(trx, kind, subject)));
      };
      await settle('budget', 'production', !(await review.isBudgetEnough()));
      const overdue = await review.overdue();
      for (const environment of review.environments) {
        const isFormer = await review.hasSignInsOfFormerApp(environment);
        const signIn = appNameOf(environment, 'sign_in');
        await settle('former_app', signIn, isFormer);
        if (!apps.includes(signIn)) await settle('refresh_tokens', signIn, false);
        if (overdue.get(environment) !== 'just_now') await settle('renewal', environment, overdue.has(environment));
      }
      for (const app of apps) {
        const before = new Date(world.now().getTime() - REVIEW_AFTER_MS);
        const isIdle = await incidentStore(db).probe('app', app, world.now(), before);
        if (isIdle && (await isAppAccepted(app))) await transaction((trx) => close(trx, 'app', app));
        if (!isEnvironment(app) || !(await incidentStore(db).findOpen('rejections', app))) continue;
        if ((await control(db, app)) === 'works') await transaction((trx) => close(trx, 'rejections', app));
      }
    },

    /**
     * Runs in the transaction of a check's verdict: opens the incident if our app was rejected and closes it if it
     * was accepted.
     */
    async noteProof(trx: Knex, app: AppName, proof: Judged): Promise<void> {
      const { verdict, detail, scopes, by, refreshToken } = proof;
      if (refreshToken === 'missing') await open(trx, 'refresh_tokens', app, { cause: 'app_misconfigured', codes: [] });
      if (refreshToken === 'given') await close(trx, 'refresh_tokens', app);
      if (detail.step === 'local' || detail.step === 'incident') return; // RingCentral was not asked
      const ours = ourAppIncident(proof);
      if (ours !== null && verdict.kind !== 'accepted')
        await open(trx, ours, app, { cause: verdict.cause, codes: detail.codes ?? [] });
      if (ours === 'app') return;
      // Only a token that was made after the incident began shows that our app has the scope again.
      const missing = scopes === 'held' && (await incidentStore(trx).findOpen('scope', app));
      if (missing && by && by.session.mintedAt > missing.openedAt) await close(trx, 'scope', app);
      // Any other refusal means that RingCentral accepted our client ID and secret. An inconclusive answer says
      // nothing about them.
      if (verdict.kind !== 'inconclusive' || ours === 'scope') return close(trx, 'app', app);
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
