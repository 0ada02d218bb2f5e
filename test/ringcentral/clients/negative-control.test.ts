import type { BudgetAsk, Slot } from '../../../src/ringcentral/auth-budget/auth-budget-types.js';
import { fixedSecret } from '../../../src/ringcentral/clients/client-secret.js';
import { createNegativeControl } from '../../../src/ringcentral/clients/negative-control.js';
import { Secret } from '../../../src/platform/secret.js';

const app = {
  clientId: 'EXAMPLEclientId_000002',
  secret: { current: fixedSecret('EXAMPLEsecret') },
  serverUrl: 'http://127.0.0.1:1',
};
const json = (status: number, body: object) => ({
  kind: 'answer' as const,
  status,
  json: body,
  requestId: null,
  retryAfterMs: null,
  limit: null,
  remaining: null,
  windowSeconds: null,
});
const token = json(200, {
  access_token: 'EXAMPLE-access-token',
  token_type: 'bearer',
  expires_in: 3600,
  scope: 'ReadMessages',
  owner_id: '901',
});
const refusal = (errorCode: string) =>
  json(400, { error: 'invalid_grant', errors: [{ errorCode, message: 'synthetic' }] });

/** A control for which RingCentral answers in this order, and what happened, in order. */
function aControl(answers: (ReturnType<typeof json> | { kind: 'failure'; failure: 'timeout' })[], hasSlots = true) {
  const done: string[] = [];
  const slot = (name: string): Slot => ({
    run: async (send) => {
      done.push(name);
      return { kind: 'sent', value: (await send()).value };
    },
    release: () => {
      done.push(`${name} released`);
      return Promise.resolve();
    },
  });
  const budget = {
    acquire: ({ slots, clientId }: BudgetAsk & { slots: number }) => {
      done.push(`${slots} slots of ${clientId}`);
      const wait = { kind: 'wait' as const, until: new Date(0) };
      return Promise.resolve(hasSlots ? { kind: 'granted' as const, slots: [slot('first'), slot('second')] } : wait);
    },
  };
  const call = ({ url, body }: { url: string; body?: string | undefined }) => {
    done.push(new URL(url).pathname);
    done.push(...(new URLSearchParams(body).has('scope') ? ['asks for scopes'] : []));
    const next = answers.shift();
    return next ? Promise.resolve(next) : Promise.reject(new Error('nobody answers'));
  };
  const warned: object[] = [];
  const log = { warn: (told: object) => void warned.push(told) } as never;
  const control = createNegativeControl({ app, budget, call: call as never, log });
  return {
    done,
    warned,
    run: () => control({ tenantId: 'north', maxWaitMs: 0, assertion: new Secret('EXAMPLE.jwt.x') }),
  };
}

const reserved = '2 slots of EXAMPLEclientId_000002';
const mint = ['first', '/restapi/oauth/token'];

it('ends at once the token it got, with the slot that was kept for it', async () => {
  const { run, done, warned } = aControl([token, json(200, {})]);
  expect(await run()).toEqual({ kind: 'token', revoked: true });
  expect(done).toEqual([reserved, ...mint, 'second', '/restapi/oauth/revoke']);
  expect(warned).toEqual([{ tenantId: 'north', revoked: true }]);
});

it('says so when the token could not be ended', async () => {
  expect(await aControl([token, json(503, {})]).run()).toEqual({ kind: 'token', revoked: false });
});

it('takes only the refusal of the app itself for evidence, and gives the second slot back', async () => {
  const { run, done, warned } = aControl([refusal('OAU-473')]);
  expect(await run()).toEqual({ kind: 'refused' });
  expect(done).toEqual([reserved, ...mint, 'second released']);
  expect(warned).toEqual([]);
});

it.each([
  ['OAU-213', 'credential_rejected'],
  ['OAU-146', 'app_misconfigured'],
])('a refusal for another reason says nothing: %s', async (code, cause) => {
  expect(await aControl([refusal(code)]).run()).toEqual({ kind: 'inconclusive', cause, codes: [code] });
});

it('no answer says nothing, and the second slot is given back', async () => {
  const { run, done } = aControl([{ kind: 'failure', failure: 'timeout' }]);
  expect(await run()).toMatchObject({ kind: 'inconclusive', cause: 'unreachable' });
  expect(done.at(-1)).toBe('second released');
});

it('sends nothing where there are not two slots', async () => {
  const { run, done } = aControl([], false);
  expect(await run()).toEqual({ kind: 'no_slot' });
  expect(done).toEqual([reserved]);
});
