import fc from 'fast-check';
import {
  afterNewMint,
  classifyApiAnswer,
  classifyTokenAnswer,
} from '../../../src/ringcentral/clients/classify-answer.js';
import { errorCatalogue, type Place } from '../../../src/ringcentral/catalogue/error-catalogue.js';
import type { Answer } from '../../../src/ringcentral/clients/guarded-call.js';
import { idMember, member, readJson } from '../../../src/ringcentral/clients/json-body.js';
import { parseRetryAfter } from '../../../src/platform/outbound/retry-after.js';

const answer = (status: number, json: unknown, more: Partial<Answer> = {}): Answer => ({
  kind: 'answer',
  status,
  json,
  requestId: null,
  retryAfterMs: null,
  limit: null,
  remaining: null,
  windowSeconds: null,
  ...more,
});
const oauth = (error: string, ...codes: string[]) => ({ error, errors: codes.map((errorCode) => ({ errorCode })) });
const api = (...codes: string[]) => ({ errorCode: codes[0], errors: codes.map((errorCode) => ({ errorCode })) });

describe('the token endpoint', () => {
  it.each([
    ['OAU-473', 'app_not_permitted'],
    ['OAU-141', 'owner_inactive'],
    ['OAU-136', 'owner_inactive'],
    ['OAU-232', 'owner_inactive'],
    ['OAU-236', 'owner_inactive'],
    ['OAU-142', 'account_inactive'],
    ['OAU-222', 'account_inactive'],
    ['OAU-105', 'wrong_user_type'],
    ['OAU-163', 'wrong_user_type'],
    ['OAU-167', 'account_restricted'],
    ['OAU-331', 'credential_damaged'],
    ['OAU-345', 'credential_damaged'],
    ['OAU-347', 'credential_damaged'],
    ['OAU-119', 'wrong_user_type'],
    ['OAU-210', 'credential_rejected'],
    ['OAU-211', 'credential_rejected'],
    ['OAU-213', 'credential_rejected'],
    ...['106', '108', '109', '110'].map((n) => [`OAU-${n}`, 'sign_in_again']),
    ['OAU-999', 'credential_rejected'],
    ...['146', '153', '251', '250', '123', '125', '111', '112', '134', '165'].map((n) => [
      `OAU-${n}`,
      'app_misconfigured',
    ]),
    ...['116', '117', '120', '121', '127', '151'].map((n) => [`OAU-${n}`, 'app_misconfigured']),
  ])('refuses %s as %s whatever the status', (code, cause) => {
    for (const status of [400, 401, 403])
      expect(classifyTokenAnswer(answer(status, oauth('invalid_grant', code)))).toMatchObject({
        kind: 'refused',
        cause,
        codes: [code],
        status,
      });
  });

  it.each(['invalid_client', 'unauthorized_client', 'unsupported_grant_type'])('blames our app for %s', (error) => {
    expect(classifyTokenAnswer(answer(400, oauth(error, 'OAU-999')))).toMatchObject({ cause: 'app_misconfigured' });
    expect(classifyTokenAnswer(answer(400, { error }))).toMatchObject({ cause: 'app_misconfigured', codes: [error] });
  });

  it.each([
    ['an error of the request', 401, oauth('invalid_request', 'OAU-121'), 'app_misconfigured'],
    ['an error of the grant', 400, oauth('invalid_grant', 'OAU-120'), 'app_misconfigured'],
    ['only a top-level code', 400, { errorCode: 'OAU-127', message: 'x' }, 'app_misconfigured'],
    ['only a list', 403, { errors: [{ errorCode: 'OAU-117' }] }, 'app_misconfigured'],
    ['only a list', 400, { errors: [{ errorCode: 'OAU-213', message: 'Token not found' }] }, 'credential_rejected'],
    ['an error of the request', 400, oauth('invalid_request', 'OAU-211'), 'credential_rejected'],
    ['only a top-level code', 401, { errorCode: 'OAU-210' }, 'credential_rejected'],
    ['an error of the client', 400, oauth('invalid_client', 'OAU-213'), 'credential_rejected'],
    ['an error of the grant', 400, oauth('invalid_grant', 'OAU-119'), 'wrong_user_type'],
    ['an error of the request', 403, oauth('invalid_request', 'OAU-119'), 'wrong_user_type'],
  ])('reads the code of an answer with %s, whatever `error` says (%i %j)', (_with, status, body, cause) => {
    expect(classifyTokenAnswer(answer(status, body))).toMatchObject({ kind: 'refused', cause });
  });

  it('blames our app if RingCentral has blocked it: `invalid_client` without a code', () => {
    const body = { error: 'invalid_client', error_description: 'Bad Application Release Status: Blocked' };
    const verdict = classifyTokenAnswer(answer(400, body));
    expect(verdict).toMatchObject({ kind: 'refused', cause: 'app_misconfigured', codes: ['invalid_client'] });
  });

  it.each(['temporarily_unavailable', 'service_unavailable', 'server_error'])(
    'and the API are failing if they answer %s, whatever the status',
    (error) => {
      for (const status of [400, 401, 403, 415])
        for (const classify of [classifyTokenAnswer, classifyApiAnswer])
          expect(classify(answer(status, { error }, { requestId: 'r-2' }))).toMatchObject({
            kind: 'inconclusive',
            cause: 'ringcentral_unavailable',
            codes: [error],
            requestId: 'r-2',
          });
    },
  );

  it('keeps an unknown code', () => {
    const verdict = classifyTokenAnswer(answer(400, oauth('invalid_request', 'OAU-999'), { requestId: 'r-1' }));
    expect(verdict).toMatchObject({ cause: 'unclassified', codes: ['OAU-999'], requestId: 'r-1' });
  });

  it('blames our app for a bare 415, and not for any other answer without JSON', () => {
    expect(classifyTokenAnswer(answer(415, undefined))).toMatchObject({ kind: 'refused', cause: 'app_misconfigured' });
    expect(classifyTokenAnswer(answer(400, undefined))).toMatchObject({ cause: 'ringcentral_unavailable' });
    expect(classifyTokenAnswer(answer(403, { message: 'Forbidden' }))).toMatchObject({ kind: 'inconclusive' });
  });

  it.each([
    ['CMN-301', 'rate_limited'],
    ['CMN-302', 'rate_limited'],
    ['CMN-303', 'rate_limited'],
    ['CMN-304', 'rate_limited'],
    ['CMN-310', 'rate_limited'],
    ['CMN-201', 'ringcentral_unavailable'],
    ['CMN-211', 'ringcentral_unavailable'],
    ['MaintenanceMode', 'ringcentral_unavailable'],
  ])('and the API say nothing about the credential with %s: %s, whatever the status', (code, cause) => {
    for (const status of [400, 403]) {
      expect(classifyTokenAnswer(answer(status, api(code)))).toMatchObject({ kind: 'inconclusive', cause });
      expect(classifyApiAnswer(answer(status, api(code)))).toMatchObject({ kind: 'inconclusive', cause });
    }
  });

  it.each(['OAU-147', 'OAU-148'])('treats a locked owner as transient: %s', (code) => {
    expect(classifyTokenAnswer(answer(400, oauth('invalid_grant', code)))).toMatchObject({
      kind: 'inconclusive',
      cause: 'owner_locked',
    });
  });

  it.each([
    [{ parameterName: 'permissionName', parameterValue: 'ThirdPartyAppAccess' }, 'third_party_access_missing'],
    [{ permissionName: 'ThirdPartyAppAccess' }, 'third_party_access_missing'],
    [{}, 'third_party_access_missing'],
    [{ permissionName: 'ReadMessages' }, 'permission_missing'],
  ])('reads CMN-408 with %j as %s', (parameter, cause) => {
    const body = { error: 'invalid_client', errors: [{ errorCode: 'CMN-408', parameters: [parameter] }] };
    expect(classifyTokenAnswer(answer(400, body))).toMatchObject({ kind: 'refused', cause });
  });

  it('blames our app before the clinic if an answer names both', () => {
    expect(classifyTokenAnswer(answer(400, oauth('invalid_grant', 'OAU-473', 'OAU-146')))).toMatchObject({
      cause: 'app_misconfigured',
      codes: ['OAU-473', 'OAU-146'],
    });
  });

  it('ignores the text of an error', () => {
    const body = { error: 'invalid_request', error_description: 'OAU-473', errors: [{ message: 'OAU-146' }] };
    expect(classifyTokenAnswer(answer(400, body))).toMatchObject({ cause: 'unclassified' });
  });
});

describe('the API', () => {
  it.each([
    [403, ['InsufficientPermissions', 'CMN-401'], 'scope_missing'],
    [403, ['CMN-408'], 'permission_missing'],
    [403, ['CMN-419'], 'extension_not_visible'],
    [403, ['CMN-404'], 'extension_not_visible'],
    [403, ['CMN-402'], 'extension_not_visible'],
    [404, ['CMN-102'], 'extension_not_visible'],
    [403, ['CMN-109'], 'unclassified'],
  ])('refuses %i %j as %s', (status, codes, cause) => {
    expect(classifyApiAnswer(answer(status, api(...codes)))).toMatchObject({ kind: 'refused', cause, codes });
  });

  it.each([
    [401, api('TokenInvalid', 'OAU-213')],
    [401, api('OAU-142')],
    [403, api('TokenExpired', 'OAU-128')],
  ])('answers %i %j with a rejected token', (status, body) => {
    expect(classifyApiAnswer(answer(status, body))).toMatchObject({ kind: 'token_rejected', status });
  });

  it.each([
    ...['AGW-401', 'AGW-402', 'TokenInvalid', 'TokenExpired', 'OAU-149', 'OAU-213'],
    ...['OAU-127', 'OAU-128', 'OAU-129', 'OAU-151', 'CMN-405'],
  ])('blames the token for %s, not the credential, whatever the status', (code) => {
    for (const status of [400, 401, 403])
      expect(classifyApiAnswer(answer(status, api(code)))).toMatchObject({ kind: 'token_rejected', codes: [code] });
  });

  it.each([
    ['OAU-232', 'owner_inactive'],
    ['OAU-236', 'owner_inactive'],
    ['OAU-136', 'owner_inactive'],
    ['OAU-141', 'owner_inactive'],
    ['CMN-405', 'owner_inactive'],
    ['OAU-142', 'account_inactive'],
    ['OAU-222', 'account_inactive'],
  ])('answers %s to a token that was just minted: %s; to an older token, that the token is rejected', (code, cause) => {
    for (const status of [401, 403]) {
      const rejected = classifyApiAnswer(answer(status, api(code), { requestId: 'r-7' }));
      expect(rejected).toEqual({ kind: 'token_rejected', codes: [code], status, requestId: 'r-7' });
      if (rejected.kind !== 'token_rejected') return;
      expect(afterNewMint(rejected)).toEqual({ kind: 'refused', cause, codes: [code], status, requestId: 'r-7' });
    }
  });

  it('contradicts itself if it rejects a new token for another reason: an outage, with its codes', () => {
    const rejected = {
      kind: 'token_rejected',
      codes: ['TokenInvalid', 'OAU-213'],
      status: 401,
      requestId: 'r-8',
    } as const;
    expect(afterNewMint({ ...rejected, codes: [...rejected.codes] })).toMatchObject({
      kind: 'inconclusive',
      cause: 'ringcentral_unavailable',
      codes: ['TokenInvalid', 'OAU-213'],
      requestId: 'r-8',
    });
  });

  it('names the permission, whichever field holds it', () => {
    const body = { errors: [{ errorCode: 'CMN-419', permissionsName: 'ReadMessages' }] };
    expect(classifyApiAnswer(answer(403, body))).toMatchObject({ permission: 'ReadMessages' });
  });

  it('waits as long as RingCentral says, else 30 s', () => {
    expect(classifyApiAnswer(answer(429, api('CMN-301')))).toMatchObject({
      cause: 'rate_limited',
      retryAfterMs: 30_000,
    });
    expect(classifyApiAnswer(answer(429, {}, { retryAfterMs: 7000 }))).toMatchObject({ retryAfterMs: 7000 });
    expect(classifyTokenAnswer(answer(429, {}))).toMatchObject({ retryAfterMs: 60_000 });
  });
});

describe('any answer', () => {
  const code = fc.constantFrom(
    ...errorCatalogue.flatMap((row) => row.codes),
    'OAU-999',
    '',
    '__proto__',
    'x'.repeat(99),
  );
  const entry = fc.oneof(fc.record({ errorCode: code, permissionName: fc.string() }), fc.jsonValue());
  const body = fc.oneof(
    fc.jsonValue(),
    fc.constant(undefined),
    fc.record({ error: fc.oneof(fc.string(), fc.constant('invalid_grant')), errors: fc.array(entry) }),
    fc.record({ errorCode: code, errors: fc.jsonValue(), parameters: fc.jsonValue() }),
  );

  it('is classified, and nothing is thrown', () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 599 }), body, (status, json) => {
        for (const classify of [classifyTokenAnswer, classifyApiAnswer])
          expect(['success', 'refused', 'inconclusive', 'token_rejected']).toContain(
            classify(answer(status, json)).kind,
          );
      }),
      { numRuns: 3000 },
    );
  });

  it('is transient with 408, 429, 5xx or no JSON, whatever code it holds', () => {
    const transient = fc.oneof(fc.constantFrom(408, 429), fc.integer({ min: 500, max: 599 }));
    fc.assert(
      fc.property(transient, body, (status, json) => {
        expect(classifyTokenAnswer(answer(status, json)).kind).toBe('inconclusive');
        expect(classifyApiAnswer(answer(status, json)).kind).toBe('inconclusive');
      }),
      { numRuns: 2000 },
    );
    fc.assert(
      fc.property(
        fc.integer({ min: 200, max: 499 }).filter((status) => status !== 415),
        (status) => {
          expect(classifyTokenAnswer(answer(status, undefined)).kind).toBe('inconclusive');
        },
      ),
    );
  });

  it('keeps its request ID, even if the body was too long to read', () => {
    for (const classify of [classifyTokenAnswer, classifyApiAnswer])
      expect(classify({ kind: 'failure', failure: 'body_too_large', requestId: 'r-9' })).toMatchObject({
        kind: 'inconclusive',
        cause: 'ringcentral_unavailable',
        requestId: 'r-9',
      });
  });

  it('yields nothing of the body but codes and names', () => {
    const secret = 'eyJhbGciOi.SECRET-1.x';
    const echo = { error: secret, errorCode: secret, errors: [{ errorCode: secret, permissionName: secret }] };
    expect(JSON.stringify(classifyTokenAnswer(answer(400, echo)))).not.toContain('SECRET');
  });

  it('names every code of the catalogue once per place', () => {
    const rowsOf: Record<Place, string[]> = {
      token: ['token', 'token and api'],
      api: ['api', 'token and api'],
      after_mint: ['after_mint'],
    };
    for (const places of Object.values(rowsOf)) {
      const all = errorCatalogue.filter(({ where }) => places.includes(where)).flatMap(({ codes }) => codes);
      expect(all).not.toEqual([]);
      expect(new Set(all).size).toBe(all.length);
    }
  });
});

describe('JSON', () => {
  const read = (text: string) => readJson(Buffer.from(text));

  it('keeps the digits of long integers and all other values', () => {
    expect(
      read('{"id":12345678901234567890,"n":[1,-2.5e3,0.12345678901234567890],"s":"\\"1234567890123456789"}'),
    ).toEqual({
      id: '12345678901234567890',
      n: [1, -2500, Number('0.12345678901234567890')],
      s: '"1234567890123456789',
    });
  });
  it('gives the same as JSON.parse if no integer is long', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        if (!/\d{16}/.test(text)) expect(read(text)).toEqual(JSON.parse(text));
        else expect(read(text)).toBeDefined();
      }),
    );
  });
  it('ignores __proto__', () => {
    const json = read('{"__proto__":{"owner_id":"1"},"id":"7"}');
    expect(member(json, 'owner_id')).toBeUndefined();
    expect(idMember(json, 'id')).toBe('7');
    expect(idMember(read('{"id":1.5}'), 'id')).toBeNull();
  });
});

it.each([
  ['5', 5000],
  ['0', 1000],
  ['-5', null],
  ['7200', 7_200_000],
  ['999999', 86_400_000],
  ['soon', null],
  ['1.5', null],
  ['', null],
  [null, null],
  ['Sat, 21 Nov 2026 00:00:30 GMT', 30_000],
  ['Sat, 21 Nov 2026 09:00:30 GMT', 32_430_000],
  ['Mon, 23 Nov 2026 00:00:00 GMT', 86_400_000],
  ['Fri, 20 Nov 2026 00:00:30 GMT', null],
])('reads Retry-After %j as %j ms', (header, expected) => {
  expect(parseRetryAfter(header, new Date('2026-11-21T00:00:00.000Z'))).toBe(expected);
});
