import { countAsConfirmed } from '../../support/database/confirmed.js';
import type { AppAnswer } from '../../../src/connections/checks/app-check.js';
import { checkQueue } from '../../../src/connections/checks/check-queue.js';
import { checkRunner } from '../../../src/connections/checks/check-runner.js';
import { checkStore } from '../../../src/connections/checks/check-store.js';
import { connectionStore } from '../../../src/connections/health/connection-store.js';
import type { Verdict } from '../../../src/connections/health/health.js';
import { incidentStore } from '../../../src/connections/health/incident-store.js';
import { portalIncidents } from '../../../src/connections/checks/portal-incidents.js';
import type { Proof } from '../../../src/connections/proof/proof.js';
import { rejectionControl } from '../../../src/connections/checks/rejections.js';
import { iso, transactionOn, type Knex } from '../../../src/platform/database/database.js';
import { Secret } from '../../../src/platform/secret.js';
import type { AccessToken, Outcome } from '../../../src/ringcentral/catalogue/outcome.js';
import { aConnectionService, aCredentialKeeper, connectionParts } from '../../support/connection-parts.js';
import { aDatabase, addCredentialRow, addTenantRow, aNow } from '../../support/credential-rows.js';

const yes: Verdict = { kind: 'accepted', warnings: [] };
const ourApp: Verdict = { kind: 'refused', cause: 'app_misconfigured' };
const scopeMissing: Verdict = { kind: 'refused', cause: 'scope_missing' };
const rejected: Verdict = { kind: 'refused', cause: 'credential_rejected' };
const MINUTE_MS = 60_000;

describe('who is responsible for a failure', () => {
  let db: Knex;
  let ids: number;
  let at: Date;
  /** RingCentral's answer to each tenant's credential, and how often it was asked. */
  let says: (tenantId: string) => Verdict;
  let asked: string[];
  /** RingCentral's answer to the control credential; null if none is configured. */
  let saysToControl: Outcome<AccessToken>['kind'] | null;
  /** RingCentral's code in a refusal. */
  let code: string;
  /** What a new token of each tenant shows about our app's scopes; undefined if RingCentral gave none. */
  let scopes: 'held' | 'missing' | undefined;
  /** The answer to an invalid assertion, and how often it was tried. */
  let saysOfApp: AppAnswer;
  let appAsked: number;
  /** Whether the last of them may be answered with a stored token. */
  let mayReuse: boolean;
  let controlAsked: number;
  let control: ReturnType<typeof rejectionControl>;
  const world = {
    now: () => at,
    newId: () => `id-${(ids += 1)}`,
    randomBytes: (size: number) => Buffer.alloc(size, 128),
    wait: () => Promise.resolve(),
  };

  const proofOf = (tenantId: string): Proof => ({
    kind: 'done',
    verdict: says(tenantId),
    detail: { step: 'mint', codes: says(tenantId).kind === 'refused' ? [code] : [] },
    retryAfterMs: null,
    identity: { ownerId: '9', accountId: tenantId, ownerName: null, ownerExtensionNumber: null, accountName: null },
    owner: null,
    lines: null,
    ...(scopes && { scopes }),
    // RingCentral gives no token if a scope is missing that we ask for by name.
    ...(scopes === 'held' && {
      by: {
        isNew: true,
        session: {
          id: 'session',
          tenantId,
          credentialId: `of-${tenantId}`,
          environment: 'production',
          ownerId: '9',
          accessToken: new Secret('synthetic'),
          scopes: [],
          askedAt: at,
          mintedAt: at,
          servesUntil: at,
        },
      },
    }),
  });

  const runner = () =>
    checkRunner({
      db,
      transaction: transactionOn(db),
      world,
      credentials: aCredentialKeeper(db, world),
      environmentOf: () => Promise.resolve('production'),
      prove: ({ tenantId, reuseSince }) => {
        asked.push(tenantId);
        mayReuse = reuseSince !== null;
        return Promise.resolve(proofOf(tenantId));
      },
      ...connectionParts(world),
      control: (handle, environment) => control(handle, environment),
      askAboutApp: () => {
        appAsked += 1;
        return Promise.resolve(saysOfApp);
      },
    });

  beforeEach(async () => {
    ids = 0;
    at = aNow;
    asked = [];
    controlAsked = 0;
    saysToControl = null;
    says = () => yes;
    code = 'OAU-146';
    scopes = undefined;
    saysOfApp = 'refused';
    appAsked = 0;
    db = await aDatabase();
    withControl('accepted');
  });
  afterEach(() => db.destroy());

  function withControl(kind: typeof saysToControl) {
    saysToControl = kind;
    control = rejectionControl({
      world,
      controlJwt: kind === null ? null : new Secret('synthetic'),
      mint: () => {
        controlAsked += 1;
        return Promise.resolve({ kind: saysToControl } as Outcome<AccessToken>);
      },
    });
  }

  const pass = (ms: number) => {
    at = new Date(at.getTime() + ms);
  };

  /** Tenants with a working credential. */
  async function tenants(...names: string[]) {
    for (const name of names) {
      await addTenantRow(db, name);
      await countAsConfirmed(db, [name], [name]);
      await addCredentialRow(db, name, `of-${name}`);
      await request(name);
      await checkDue();
    }
    asked = [];
  }
  const request = (name: string, priority: 'interactive' | 'background' = 'background') =>
    checkQueue(db, world)
      .forTenant(name)
      .add({
        credentialId: `of-${name}`,
        trigger: 'schedule',
        priority,
        requestedBy: priority === 'interactive' ? 'alice' : null,
        dueAt: at,
        inconclusiveStreak: 0,
      });
  async function checkDue() {
    for (;;) {
      const claimed = await checkQueue(db, world).lease('worker', 20_000);
      if (!claimed) return;
      await runner().run(claimed);
    }
  }
  /** Checks these tenants now, whenever they are due. */
  async function checkNow(...names: string[]) {
    await db('check_requests')
      .whereIn('tenant_id', names)
      .whereNull('finished_at')
      .update({ due_at: iso(at) });
    await checkDue();
  }
  const stateOf = async (name: string) => (await connectionStore(db).forTenant(name).find())?.known?.state;
  const serving = async (name: string) => (await connectionStore(db).forTenant(name).find())?.health.serving.state;
  const portalEvents = async () => db('events').whereNull('tenant_id').orderBy('nr').pluck<string[]>('type');

  describe('RingCentral rejects our own app', () => {
    it('opens one incident, and no tenant changes state', async () => {
      await tenants('a', 'b', 'c');
      says = () => ourApp;
      await checkNow('a', 'b', 'c');
      expect(await portalEvents()).toEqual(['incident.opened']);
      expect(await incidentStore(db).ofPortal(5)).toMatchObject([
        { kind: 'app', subject: 'production', cause: 'app_misconfigured', codes: ['OAU-146'], closedAt: null },
      ]);
      for (const name of ['a', 'b', 'c']) expect(await stateOf(name)).toBe('healthy');
    });

    it('allows one call a minute for all tenants until it is over', async () => {
      await tenants('a', 'b', 'c');
      says = () => ourApp;
      await checkNow('a', 'b', 'c');
      expect(asked).toHaveLength(1);
      pass(MINUTE_MS - 1);
      await checkNow('a', 'b', 'c');
      expect(asked).toHaveLength(1);
      pass(1);
      await checkNow('a', 'b', 'c');
      expect(asked).toHaveLength(2);
    });

    it('is retried with a new token even if a stored one exists, because only a mint shows whether our app is accepted', async () => {
      await tenants('a');
      await checkNow('a');
      expect(mayReuse).toBe(true);
      says = () => ourApp;
      await checkNow('a');
      pass(MINUTE_MS);
      await checkNow('a');
      expect(asked).toHaveLength(3);
      expect(mayReuse).toBe(false);
    });

    it('retries automatically within a minute of the last answer', async () => {
      await tenants('a');
      says = () => ourApp;
      await checkNow('a');
      pass(MINUTE_MS);
      await checkDue();
      expect(asked).toEqual(['a', 'a']);
    });

    it('ends as soon as RingCentral accepts our app, whatever it answers about the clinic', async () => {
      await tenants('a', 'b');
      says = () => ourApp;
      await checkNow('a');
      says = () => rejected;
      pass(MINUTE_MS);
      await checkNow('a');
      expect(await portalEvents()).toEqual(['incident.opened', 'incident.closed']);
      says = () => yes;
      await checkNow('b');
      expect(asked).toEqual(['a', 'a', 'b']);
    });

    it('does not end with a local or an inconclusive answer', async () => {
      await tenants('a', 'b');
      says = () => ourApp;
      await checkNow('a');
      for (const verdict of [{ kind: 'inconclusive', cause: 'ringcentral_unavailable' }] as const) {
        says = () => verdict;
        pass(MINUTE_MS);
        await checkNow('b');
      }
      expect(await portalEvents()).toEqual(['incident.opened']);
    });

    it('answers a waiting person with the known result, and keeps the paste', async () => {
      await tenants('a');
      says = () => ourApp;
      await checkNow('a');
      await addTenantRow(db, 'new');
      await addCredentialRow(db, 'new', 'of-new');
      await request('new', 'interactive');
      await checkDue();
      expect(asked).toEqual(['a']);
      expect(await checkStore(db).forTenant('new').newest(1)).toMatchObject([
        { verdict: 'inconclusive', cause: 'app_misconfigured', detail: { step: 'incident' } },
      ]);
      expect(await db('credentials').where({ id: 'of-new' }).first()).toMatchObject({ status: 'pending' });
      expect(await checkQueue(db, world).forTenant('new').openFor('of-new')).toBeDefined();
    });

    it('postpones the other checks by five to fifteen minutes, so that they do not run all at once', async () => {
      await tenants('a', 'b');
      says = () => ourApp;
      await checkNow('a');
      await checkNow('b');
      const open = await checkQueue(db, world).forTenant('b').openFor('of-b');
      const waits = (open?.dueAt.getTime() ?? 0) - at.getTime();
      expect(waits).toBeGreaterThanOrEqual(5 * MINUTE_MS);
      expect(waits).toBeLessThanOrEqual(15 * MINUTE_MS);
    });
  });

  describe('an answer blames our app with a code that the catalogue does not hold', () => {
    beforeEach(async () => {
      await tenants('a', 'b');
      says = () => ourApp;
      code = 'OAU-9999';
    });

    it('opens no incident before an invalid assertion was tried: if that is accepted, the clinic alone is concerned', async () => {
      saysOfApp = 'accepted';
      await checkNow('a');
      expect(appAsked).toBe(1);
      expect(await portalEvents()).toEqual([]);
      expect(await serving('a')).toBe('suspect');
      says = () => yes;
      await checkNow('b');
      expect(asked).toEqual(['a', 'b']); // nothing is postponed
      says = () => ourApp;
      pass(180_000);
      await checkNow('a');
      const { known } = (await connectionStore(db).forTenant('a').find())!;
      expect(known).toMatchObject({ state: 'failing', cause: 'unclassified' });
      expect(await checkStore(db).forTenant('a').newest(1)).toMatchObject([{ detail: { codes: ['OAU-9999'] } }]);
      expect(await portalEvents()).toEqual([]);
    });

    it('opens the incident if the invalid assertion is refused for the app’s sake', async () => {
      await checkNow('a');
      expect(await portalEvents()).toEqual(['incident.opened']);
      expect(await stateOf('a')).toBe('healthy');
    });

    it('opens none while the invalid assertion has no answer, and asks again within a minute', async () => {
      saysOfApp = 'unknown';
      await checkNow('a');
      expect(await portalEvents()).toEqual([]);
      expect(await serving('a')).toBe('working');
      pass(MINUTE_MS);
      await checkDue();
      expect(appAsked).toBe(2);
    });

    // CMN-303 is the app's fault when it lasts, and the token endpoint may not say so.
    it.each(['OAU-251', 'CMN-303'])('tries no invalid assertion for %s, which the catalogue holds', async (known) => {
      code = known;
      saysOfApp = 'accepted';
      await checkNow('a');
      expect(appAsked).toBe(0);
      expect(await portalEvents()).toEqual(['incident.opened']);
    });
  });

  describe('our app lacks a scope', () => {
    const lose = () => {
      says = () => scopeMissing;
      scopes = 'missing';
    };
    const regain = () => {
      says = () => yes;
      scopes = 'held';
    };
    const incidents = () => connectionParts(world).incidents;
    /** A clinic that pastes for the first time, or one that replaces its credential. */
    async function paste(name: string, id = `of-${name}`) {
      await addCredentialRow(db, name, id);
      const by = { personId: 'alice' };
      const submitted = { tenantId: name, credentialId: id, method: 'jwt', by, supersededIds: [] } as const;
      const { onSubmitted } = aConnectionService(db, world);
      await onSubmitted(db, {
        ...submitted,
        supersededIds: [],
        keptUntil: new Date(at.getTime() + 10_000 * MINUTE_MS),
      });
      await checkDue();
    }

    it('is one incident: no clinic changes its state, and no clinic is written to', async () => {
      await tenants('a', 'b', 'c', 'd', 'e');
      lose();
      await checkNow('a', 'b', 'c', 'd', 'e');
      expect(asked).toHaveLength(1);
      expect(await incidentStore(db).ofPortal(5)).toMatchObject([
        { kind: 'scope', subject: 'production', cause: 'scope_missing', closedAt: null },
      ]);
      for (const name of ['a', 'b', 'c', 'd', 'e'])
        expect([await stateOf(name), await serving(name)]).toEqual(['healthy', 'working']);
      expect(await db('notices').whereNotNull('tenant_id')).toEqual([]);
    });

    it('is not over when RingCentral only accepts the client, or when a token from before still has the scope', async () => {
      await tenants('a');
      lose();
      await checkNow('a');
      scopes = undefined;
      says = () => rejected;
      pass(MINUTE_MS);
      await checkNow('a');
      regain();
      await db('incidents').update({ opened_at: iso(new Date(at.getTime() + MINUTE_MS)) });
      pass(MINUTE_MS);
      await checkNow('a');
      expect(await portalEvents()).toEqual(['incident.opened']);
    });

    it('is over when a new token has the scope, whatever a later step finds', async () => {
      await tenants('a');
      lose();
      await checkNow('a');
      pass(MINUTE_MS);
      scopes = 'held';
      says = () => ({ kind: 'inconclusive', cause: 'ringcentral_unavailable' });
      await checkNow('a');
      expect(await portalEvents()).toEqual(['incident.opened', 'incident.closed']);
    });

    it('is tried with the clinics known to work in rotation, never with one that waits for its first proof', async () => {
      await tenants('a', 'b', 'c');
      lose();
      pass(1000);
      await checkNow('a');
      await addTenantRow(db, 'new');
      await paste('new');
      asked = [];
      for (let minute = 0; minute < 4; minute += 1) {
        pass(MINUTE_MS);
        await incidents().bringProbeForward(db, ['production']);
        await checkNow('new');
        await checkDue();
      }
      expect(asked).toEqual(['b', 'c', 'a', 'b']);
    });

    it('is tried with a waiting paste if no clinic is known to work', async () => {
      lose();
      await addTenantRow(db, 'new');
      await paste('new');
      pass(MINUTE_MS);
      await incidents().bringProbeForward(db, ['production']);
      await checkDue();
      expect(asked).toEqual(['new', 'new']);
    });

    it('makes everything due when it ends that waited for it: first pastes, other pastes, then the daily round', async () => {
      await tenants('a', 'b', 'c');
      lose();
      await checkNow('a', 'b');
      await paste('c', 'another-of-c');
      await addTenantRow(db, 'new');
      await paste('new');
      await checkNow('c');
      pass(MINUTE_MS);
      regain();
      asked = [];
      await incidents().bringProbeForward(db, ['production']);
      const order: string[] = [];
      for (;;) {
        const claimed = await checkQueue(db, world).lease('worker', 20_000);
        if (!claimed) break;
        order.push(claimed.credentialId);
        scopes = claimed.credentialId === 'of-a' ? 'held' : undefined;
        await runner().run(claimed);
        pass(10);
      }
      // Of those known to work `a` is asked first, and its token ends the incident. The paste of `c` replaces `of-c`.
      expect(order.slice(order.indexOf('of-a') + 1)).toEqual(['of-new', 'another-of-c', 'of-b']);
      expect(await portalEvents()).toEqual(['incident.opened', 'incident.closed']);
    });

    it('is the clinic’s own matter if its new token has the scope', async () => {
      await tenants('a');
      says = () => scopeMissing;
      scopes = 'held';
      await checkNow('a');
      expect(await stateOf('a')).toBe('failing');
      expect(await portalEvents()).toEqual([]);
    });

    it('does not stop the tokens of jobs', async () => {
      await tenants('a');
      lose();
      await checkNow('a');
      expect(await incidents().mayMint(db, 'production')).toBe(true);
    });
  });

  describe('three credentials are refused within ten minutes', () => {
    const three = ['a', 'b', 'c'];
    async function suspectAll() {
      await tenants(...three);
      says = () => rejected;
      await checkNow(...three);
      expect(controlAsked).toBe(0); // nothing is believed yet
      pass(180_000);
    }

    it('are believed if the control credential works', async () => {
      await suspectAll();
      await checkNow(...three);
      expect(controlAsked).toBe(1); // one answer for all three
      for (const name of three) expect(await stateOf(name)).toBe('failing');
      expect(await portalEvents()).toEqual([]);
    });

    it('open one incident, and no tenant fails, if the control credential is refused too', async () => {
      withControl('refused');
      await suspectAll();
      await checkNow(...three);
      for (const name of three) expect([await stateOf(name), await serving(name)]).toEqual(['healthy', 'suspect']);
      expect(await incidentStore(db).ofPortal(5)).toMatchObject([{ kind: 'rejections', cause: 'credential_rejected' }]);
    });

    it('are not believed as long as the control credential is refused', async () => {
      withControl('refused');
      await suspectAll();
      await checkNow(...three);
      pass(60 * MINUTE_MS); // the refusals are no longer recent
      await checkNow(...three);
      for (const name of three) expect(await stateOf(name)).toBe('healthy');
      saysToControl = 'accepted';
      says = (name) => (name === 'a' ? rejected : yes);
      pass(MINUTE_MS);
      await checkNow(...three);
      expect(await stateOf('a')).toBe('failing');
      expect(await stateOf('b')).toBe('healthy');
      expect(await portalEvents()).toEqual(['incident.opened', 'incident.closed']);
    });

    it('are not decided by a control credential without an answer', async () => {
      withControl('inconclusive');
      await suspectAll();
      await checkNow(...three);
      for (const name of three) expect(await stateOf(name)).toBe('healthy');
      expect(await portalEvents()).toEqual([]);
    });

    it('are believed after confirmation if there is no control credential', async () => {
      withControl(null);
      await suspectAll();
      await checkNow(...three);
      for (const name of three) expect(await stateOf(name)).toBe('failing');
      expect(controlAsked).toBe(0);
    });
  });

  it('two refusals within ten minutes are believed without trying the control credential', async () => {
    await tenants('a', 'b', 'c');
    says = (name) => (name === 'c' ? yes : rejected);
    await checkNow('a', 'b', 'c');
    pass(180_000);
    await checkNow('a', 'b', 'c');
    expect(controlAsked).toBe(0);
    expect([await stateOf('a'), await stateOf('b'), await stateOf('c')]).toEqual(['failing', 'failing', 'healthy']);
  });

  it('old refusals do not count as new', async () => {
    await tenants('a', 'b', 'c');
    for (const name of ['a', 'b', 'c']) {
      says = (one) => (one === name ? rejected : yes);
      await checkNow(name);
      pass(180_000);
      await checkNow(name);
      pass(10 * MINUTE_MS);
    }
    expect(controlAsked).toBe(0);
  });

  describe('a review once a minute covers what no check notices', () => {
    const review = (appIsTaken: boolean, isEnough = true, isOfFormerApp = false) => {
      const { incidents } = connectionParts(world);
      return incidents.review({
        db,
        transaction: transactionOn(db),
        apps: ['production'],
        isAppAccepted: () => {
          asked.push('our app');
          return Promise.resolve(appIsTaken);
        },
        control,
        environments: ['production'],
        hasSignInsOfFormerApp: () => Promise.resolve(isOfFormerApp),
        isBudgetEnough: () => Promise.resolve(isEnough),
        overdue: () => Promise.resolve(new Map()),
      });
    };

    it('opens and closes the incident that the budget is too small for the number of clinics', async () => {
      await review(true, false);
      await review(true, false);
      expect(await portalEvents()).toEqual(['incident.opened']);
      await review(true);
      await review(true);
      expect(await portalEvents()).toEqual(['incident.opened', 'incident.closed']);
    });

    it('opens and closes the incident that clinics signed in with another app of ours', async () => {
      await review(true, true, true);
      await review(true, true, true);
      expect(await incidentStore(db).openOfPortal()).toMatchObject([
        { kind: 'former_app', subject: 'production sign_in' },
      ]);
      await review(true);
      expect(await portalEvents()).toEqual(['incident.opened', 'incident.closed']);
    });

    it('tries our app if no tenant is left whose check would', async () => {
      await tenants('a');
      says = () => ourApp;
      await checkNow('a');
      await db('check_requests').update({ finished_at: iso(at) });
      pass(5 * MINUTE_MS - 1);
      await review(true);
      expect(asked).toEqual(['a']);
      pass(1);
      await review(false);
      expect(await portalEvents()).toEqual(['incident.opened']);
      await review(true);
      expect(asked).toEqual(['a', 'our app']);
      pass(5 * MINUTE_MS);
      await review(true);
      expect(await portalEvents()).toEqual(['incident.opened', 'incident.closed']);
      await review(true);
      expect(asked).toHaveLength(3);
    });

    it('tries the control credential once every tenant works again', async () => {
      withControl('refused');
      await tenants('a', 'b', 'c');
      says = () => rejected;
      await checkNow('a', 'b', 'c');
      pass(180_000);
      await checkNow('a', 'b', 'c');
      says = () => yes;
      await checkNow('a', 'b', 'c');
      pass(MINUTE_MS);
      await review(true);
      expect(await portalEvents()).toEqual(['incident.opened']);
      saysToControl = 'accepted';
      pass(MINUTE_MS);
      await review(true);
      expect(await portalEvents()).toEqual(['incident.opened', 'incident.closed']);
    });
  });

  it('a call without room in the budget lets the next call try', async () => {
    await tenants('a');
    says = () => ourApp;
    await checkNow('a');
    pass(MINUTE_MS);
    const { incidents } = connectionParts(world);
    expect(await incidents.mayAsk(db, 'production', { isKnownToWork: true, recovers: false })).toBe('to_try_our_app');
    expect(await incidents.mayAsk(db, 'production', { isKnownToWork: true, recovers: false })).toEqual({
      waitsFor: 'app',
    });
    await incidents.wasNotAsked(db, 'production');
    expect(await incidents.mayAsk(db, 'production', { isKnownToWork: true, recovers: false })).toBe('to_try_our_app');
  });

  it('two workers do not both allow a call', async () => {
    await tenants('a');
    says = () => ourApp;
    await checkNow('a');
    pass(MINUTE_MS);
    const incidents = portalIncidents({
      world,
      record: () => Promise.resolve(''),
      notices: connectionParts(world).notices,
      tenantsIn: () => undefined,
    });
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => incidents.mayAsk(db, 'production', { isKnownToWork: true, recovers: false })),
    );
    expect(answers.filter((answer) => answer === 'to_try_our_app')).toEqual(['to_try_our_app']);
  });
});
