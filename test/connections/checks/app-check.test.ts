import { appAdvice } from '../../../src/connections/checks/app-check.js';
import { classifyTokenAnswer } from '../../../src/ringcentral/clients/classify-answer.js';

const app = {
  app: 'jwt' as const,
  serverUrl: 'https://platform.ringcentral.com',
  settings: { clientId: 'THE_ID', clientSecret: 'THE_SECRET', serverUrl: 'THE_URL' },
};
const base = { retryAfterMs: null, limit: null, remaining: null, windowSeconds: null, requestId: null };
/** What doctor says if RingCentral answers an invalid assertion so. */
function adviceOn(status: number, json: unknown) {
  const answer = classifyTokenAnswer({ kind: 'answer', status, json, ...base });
  if (answer.kind === 'success') throw new Error('not a refusal');
  return appAdvice(answer, app);
}

it.each([
  [
    'an app without an API plan',
    429,
    { errorCode: 'CMN-303' },
    /no API plan.*\(CMN-303\).*developer support to assign a plan$/,
  ],
  [
    'a blocked app',
    400,
    { error: 'invalid_client', error_description: 'x' },
    /blocked app.*developer support to unblock it$/,
  ],
  [
    'an app with an invalid release',
    400,
    { error: 'invalid_client', errors: [{ errorCode: 'OAU-127' }] },
    /OAU-127.*look at its status$/,
  ],
  [
    'a sandbox app',
    401,
    { error: 'invalid_client', errors: [{ errorCode: 'OAU-165' }] },
    /sandbox app \(OAU-165\).*THE_ID$/,
  ],
  [
    'a wrong secret',
    401,
    { error: 'invalid_client', errors: [{ errorCode: 'OAU-146' }] },
    /secret \(OAU-146\).*THE_SECRET$/,
  ],
  [
    'an unknown client ID',
    400,
    { error: 'invalid_client', errors: [{ errorCode: 'OAU-153' }] },
    /\(OAU-153\): check THE_ID$/,
  ],
  ['a limit', 429, { errorCode: 'CMN-301' }, /wait: try again in a minute$/],
  ['an outage', 401, { error: 'temporarily_unavailable' }, /try again later$/],
  ['an outage', 503, { error: 'service_unavailable' }, /try again later$/],
])('doctor has a sentence for %s', (_what, status, json, said) => {
  expect(adviceOn(status, json)).toMatch(said);
});

it.each([['OAU-331'], ['OAU-345'], ['OAU-347']])(
  'only the refusal of the assertion itself proves our app: %s',
  (code) => {
    expect(appAdvice({ kind: 'accepted', value: { codes: [code] }, requestId: null }, app)).toBeNull();
  },
);

it.each([['OAU-213'], ['OAU-473'], ['OAU-999'], ['invalid_grant'], ['invalid_request']])(
  'another refusal does not prove it: %s',
  (code) => {
    expect(appAdvice({ kind: 'accepted', value: { codes: [code] }, requestId: null }, app)).toContain('check THE_URL');
  },
);

describe('of the sign-in app', () => {
  const signInApp = { ...app, app: 'sign_in' as const };
  const refusedWith = (code: string) => ({ kind: 'accepted' as const, value: { codes: [code] }, requestId: null });

  it.each(['OAU-106', 'OAU-108', 'OAU-110'])('only the refusal of the code itself proves it: %s', (code) => {
    expect(appAdvice(refusedWith(code), signInApp)).toBeNull();
  });

  it('the refusal of an assertion proves nothing', () => {
    expect(appAdvice(refusedWith('OAU-331'), signInApp)).toContain('an invalid authorization code with OAU-331');
  });

  it.each(['OAU-109', 'OAU-113'])('a missing redirect URI is named: %s', (code) => {
    expect(appAdvice(refusedWith(code), signInApp)).toContain('add <PUBLIC_URL>/oauth/callback');
  });

  it('the flow that is off is named', () => {
    const refused = { kind: 'refused', cause: 'app_misconfigured', codes: ['OAU-251'], status: 400, requestId: null };
    expect(appAdvice(refused as never, signInApp)).toContain('turn on the auth code flow');
    expect(appAdvice(refused as never, app)).toContain('turn on the JWT auth flow');
  });
});

it('nothing is proved while the auth budget is used up', () => {
  const until = new Date(Date.UTC(2026, 10, 21, 0, 1));
  expect(appAdvice({ kind: 'wait', until }, app)).toEqual({
    unproved: 'the auth budget is used up until 2026-11-21T00:01:00.000Z: try again then',
  });
});
