import { controlChecks } from '../../../src/connections/doctor/control-check.js';
import { Secret } from '../../../src/platform/secret.js';
import type { AccessToken, BudgetWait, Outcome } from '../../../src/ringcentral/catalogue/outcome.js';
import { anAssertion, today } from '../../support/assertions.js';

const until = new Date(Date.UTC(2026, 10, 21, 0, 1));
const token = (...scopes: string[]): Outcome<AccessToken> => ({
  kind: 'accepted',
  value: { accessToken: new Secret('U0pDEXAMPLE'), expiresInSeconds: 3600, scopes, ownerId: '901' },
  requestId: null,
});
const refusedAs = (cause: 'scope_missing' | 'credential_rejected', code: string): Outcome<AccessToken> => ({
  kind: 'refused',
  cause,
  codes: [code],
  status: 400,
  requestId: null,
});
const silent: Outcome<AccessToken> = {
  kind: 'inconclusive',
  cause: 'unreachable',
  codes: [],
  status: null,
  requestId: null,
  retryAfterMs: null,
};

/** What is said of the control JWT and of the scopes, and how often a token was asked for. */
async function said(answer: Outcome<AccessToken> | BudgetWait, controlJwt: string | null = anAssertion()) {
  let calls = 0;
  const mint = () => {
    calls += 1;
    return Promise.resolve(answer);
  };
  const requiredScopes = ['ReadAccounts', 'ReadMessages'];
  const options = { mint, world: { now: () => today }, clientId: 'EXAMPLEclientId_000001', requiredScopes };
  const checks = controlChecks({ ...options, controlJwt, isAppProved: () => Promise.resolve(true) });
  const [control, scopes] = [await checks[0]?.advice(), await checks[1]?.advice()];
  return { control, scopes, calls };
}
const noToken = { unproved: 'there is no token that could show whether the app has ReadAccounts ReadMessages' };

it('one token proves the control JWT and the scopes', async () => {
  expect(await said(token('ReadMessages', 'ReadAccounts'))).toEqual({ control: null, scopes: null, calls: 1 });
  expect(await said(token('Faxes', 'ReadAccounts'))).toEqual({ control: null, scopes: null, calls: 1 });
});

it.each([
  [
    'a token without one of them',
    token('ReadAccounts'),
    "the app lacks the scope ReadMessages: add it in RingCentral's console",
  ],
  ['a token without any', token(), "the app lacks the scope ReadAccounts: add it in RingCentral's console"],
  [
    'a refusal that names the scopes',
    refusedAs('scope_missing', 'invalid_scope'),
    'RingCentral gives no token with ReadAccounts ReadMessages (invalid_scope): add the scopes to the app',
  ],
])('the scopes are wrong after %s', async (_what, answer, scopes) => {
  expect(await said(answer)).toMatchObject({ scopes });
});

it.each([
  ['a refusal', refusedAs('credential_rejected', 'OAU-213'), /refuses it \(credential_rejected OAU-213\)/],
  ['no answer', silent, { unproved: 'RingCentral gave no clear answer (unreachable)' }],
  [
    'no call',
    { kind: 'wait', until } as const,
    { unproved: 'the auth budget is used up until 2026-11-21T00:01:00.000Z' },
  ],
])('%s proves neither', async (_what, answer, control) => {
  const found = await said(answer);
  expect(found.scopes).toEqual(noToken);
  if (control instanceof RegExp) expect(found.control).toMatch(control);
  else expect(found.control).toEqual(control);
});

it.each([
  ['junk', 'EXAMPLE', 'not_a_jwt'],
  ['an expired one', anAssertion({ claims: { exp: 1_700_000_000 } }), 'expired'],
  ['our client ID', 'EXAMPLEclientId_000001', 'client_id'],
])('%s is never sent', async (_what, controlJwt, code) => {
  const found = await said(token(), controlJwt);
  expect(found.calls).toBe(0);
  expect(found.control).toContain(`(${code})`);
});
