import type { ClinicKey } from '../../src/emulator/seed.js';
import { faxReportStore } from '../../src/fax-reports/fax-report-store.js';
import { nothingYet, withRun, type Recent } from '../../src/fax-reports/mailbox.js';
import { addClinic } from '../support/clinics.js';
import type { Visitor } from '../support/visits/visitor.js';
import type { TestPortal } from '../support/portal.js';

const DAY_MS = 24 * 3_600_000;

/**
 * A clinic in a state that pages show: its name, its id, and the state and cause that its connection page must show.
 */
export type ClinicInState = { name: string; tenantId: string; state: string; cause: string };

type Step = { test: TestPortal; alice: Visitor; tenantId: string };

async function paste({ alice, tenantId }: Step, assertion: string): Promise<void> {
  await alice.get(`/tenants/${tenantId}/credentials/new`);
  const answer = await alice.post(`/tenants/${tenantId}/credentials`, { assertion });
  if (answer.status !== 303) throw new Error(`the paste got ${answer.status}`);
}

const checkNow = ({ alice, tenantId }: Step) => alice.post(`/tenants/${tenantId}/connection/checks`);

/** How each state is reached. Each clinic has its own RingCentral account, except the one that must share one. */
const stories: Record<string, [state: string, cause: string, story: (step: Step) => Promise<unknown>]> = {
  'Not Connected': ['not_connected', '', () => Promise.resolve()],
  Refused: [
    'pending',
    'app_not_permitted',
    (step) => paste(step, step.test.assertion('riverside', { clientIds: 'organization' }).jwt),
  ],
  'Paste Destroyed': [
    'not_connected',
    'credential_rejected',
    async (step) => {
      const { jwt, jti } = step.test.assertion('riverside');
      step.test.emulator.revokeJwt(jti);
      await paste(step, jwt);
    },
  ],
  Unconfirmed: [
    'pending',
    'not_confirmed',
    async (step) => {
      step.test.answerThemselves.add(step.tenantId);
      await paste(step, aNewUser(step)());
    },
  ],
  Healthy: ['healthy', '', (step) => paste(step, step.test.assertion('northgate').jwt)],
  'Expires Soon': [
    'warning',
    'expires_soon',
    async (step) => {
      const { emulator, example, clock } = step.test;
      await paste(step, step.test.assertion('harbor', { exp: new Date(clock().getTime() + 10 * DAY_MS) }).jwt);
      // RingCentral also shows its user differently.
      const { id } = example.clinics.harbor.serviceUser;
      emulator.setInactiveOwners('served');
      emulator.setExtensionStatus(id, 'Frozen');
      emulator.setRole(id, 'standard');
      for (const right of ['ReadMessages', 'ReadMessageContent'])
        emulator.setPermission(id, right, ['Self', 'AllExtensions']);
      await checkNow(step);
    },
  ],
  Failing: ['failing', 'app_not_permitted', (step) => connectThen(step, 'lakeside', 'forbidApp')],
  Suspect: ['healthy', '', (step) => connectThen(step, 'cedar', 'revokeJwt')],
  'Mailbox Filling': ['warning', 'mailbox_filling', pulledOnce],
  Replaced: [
    'healthy',
    '',
    async (step) => {
      const another = aNewUser(step);
      await paste(step, another());
      await paste(step, another());
    },
  ],
  Disconnected: [
    'disconnected',
    '',
    async (step) => {
      await paste(step, aNewUser(step)());
      const path = `/tenants/${step.tenantId}/disconnection`;
      await step.alice.get(path);
      const answer = await step.alice.post(path);
      if (answer.status !== 303) throw new Error(`the disconnection got ${answer.status}`);
    },
  ],
  'Account Held': ['pending', 'account_shared', (step) => paste(step, step.test.assertion('northgate').jwt)],
  // Must be last: from here on RingCentral mints nothing, so that retries stay without an answer.
  Inconclusive: [
    'pending',
    'ringcentral_unavailable',
    (step) => {
      step.test.emulator.faults.add({ kind: 'unavailable', path: '/restapi/oauth/token' });
      return paste(step, step.test.assertion('summit').jwt);
    },
  ],
};

/** A user of an account of its own. @returns what makes a JWT of that user */
function aNewUser({ test }: Step): () => string {
  const { serviceUserId: extensionId } = addClinic(test.emulator);
  return () => test.emulator.createJwt({ extensionId, clientIds: [test.example.app.clientId] }).jwt;
}

async function connectThen(step: Step, clinic: ClinicKey, then: 'forbidApp' | 'revokeJwt'): Promise<void> {
  const { test } = step;
  const { jwt, jti } = test.assertion(clinic);
  await paste(step, jwt);
  if (then === 'forbidApp') test.emulator.forbidApp(jti, test.example.app.clientId);
  else test.emulator.revokeJwt(jti);
  await checkNow(step);
}

/** A clinic whose faxes are pulled: one mailbox fills up, and the other line is unusually quiet and has faxes left. */
async function pulledOnce(step: Step): Promise<void> {
  const { test, tenantId } = step;
  await paste(step, aNewUser(step)());
  const known = await test.portal.services.connections.faxLinesOf(test.db, tenantId);
  const [filling = '', quiet = ''] = [...known]
    .filter(([, { selected }]) => selected)
    .map(([id]) => id)
    .slice(-2);
  const ago = (days: number) => new Date(test.clock().getTime() - days * DAY_MS);
  const run = (messages: number[], daysWithFaxes: number[]): Recent =>
    messages.reduce((recent, count, n) => {
      const days = messages.length - n;
      return withRun(recent, { at: ago(days), messages: count, hasNew: daysWithFaxes.includes(days) });
    }, nothingYet);
  const line = { completedAt: ago(1), listed: 9, fetched: 2, pending: 0, failed: 0, lost: 0, gaps: 0 };
  const none = { oldestPendingAt: null, oldestFailedAt: null };
  const left = { pending: 2, failed: 1, lost: 3, gaps: 1, oldestPendingAt: ago(2), oldestFailedAt: ago(3) };
  const growing = [...Array(20).keys()].map((n) => 141 + n);
  const same = growing.map(() => 42);
  await test.db.transaction(async (trx) => {
    await faxReportStore(trx)
      .forTenant(tenantId)
      .save(
        {
          completedAt: ago(1),
          fetchedAt: ago(1),
          lines: [
            { ...line, ...none, extensionId: filling, mailboxMessages: 160, recent: run(growing, [1, 2, 3]) },
            { ...line, ...left, extensionId: quiet, mailboxMessages: 42, recent: run(same, [15, 16, 17, 18, 19, 20]) },
          ],
        },
        test.clock(),
      );
    await test.portal.services.connections.onFaxReport(trx, tenantId);
  });
}

/** Creates a clinic in every state, one after the other, through actions of people and of RingCentral. */
export async function clinicsInEveryState(test: TestPortal): Promise<ClinicInState[]> {
  const clinics: ClinicInState[] = [];
  for (const [name, [state, cause, story]] of Object.entries(stories)) {
    const tenantId = await test.addTenant(`${name} Clinic`);
    const alice = await test.member(tenantId);
    await story({ test, alice, tenantId });
    const page = await alice.get(`/tenants/${tenantId}/connection`);
    const found = [/data-state="(\w*)"/, /data-cause="(\w*)"/].map((pattern) => pattern.exec(page.text)?.[1]);
    if (found[0] !== state || found[1] !== cause) throw new Error(`${name}: is ${found.join(', ')}`);
    clinics.push({ name, tenantId, state, cause });
  }
  return clinics;
}
