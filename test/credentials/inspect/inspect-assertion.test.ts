import { createHash } from 'node:crypto';
import { inspect } from 'node:util';
import { inspectAssertion } from '../../../src/credentials/inspect/inspect-assertion.js';
import {
  type InspectionCode,
  type InspectOptions,
  rejectionCodes,
} from '../../../src/credentials/inspect/inspection-types.js';
import {
  aSignature,
  anAssertion,
  type AssertionOverrides,
  bizClaims,
  encodeJson,
  encodePart,
  sandboxClaims,
  someClaims,
  today,
  wrap,
} from '../../support/assertions.js';
import { slowPastes } from './slow-pastes.js';

const options: InspectOptions = { now: today, environment: 'production' };
const read = (paste: string, more: Partial<InspectOptions> = {}) => inspectAssertion(paste, { ...options, ...more });
const codeOf = (paste: string, more: Partial<InspectOptions> = {}) => read(paste, more).inspection.code;

const jwt = anAssertion();
const [header = '', payload = '', signature = ''] = jwt.split('.');
const withClaims = (claims: Record<string, unknown>) => anAssertion({ claims });
const withHeader = (members: Record<string, unknown>) => anAssertion({ header: members });
const google = { iss: 'https://accounts.google.com' };
const clientId = 'EXAMPLEclientId_000001';
const clientSecret = 'EXAMPLEsecretEXAMPLEsecretEXAMPLEsecret00000';
const accessToken = 'U0pDMTFQMDFQQVMwMHxBQUJfRVhBTVBMRQ';
const inSeconds = (seconds: number) => Math.floor(today.getTime() / 1000) + seconds;
const days = (count: number) => inSeconds(count * 24 * 3600);

const cases: [code: InspectionCode, title: string, paste: string, more?: Partial<InspectOptions>][] = [
  ['ok', 'a credential', jwt],
  ['ok', 'a payload with further claims', withClaims({ jti: undefined, scope: 'x', nbf: inSeconds(-1) })],
  ['ok', 'a header without kid and typ', withHeader({ kid: undefined, typ: undefined })],
  ['ok', 'an audience in a list', withClaims({ aud: ['https://example.com', someClaims.aud] })],
  ['ok', 'a credential for biz where production is expected', withClaims(bizClaims)],
  ['ok', 'a sandbox credential where sandbox is expected', withClaims(sandboxClaims), { environment: 'sandbox' }],
  ['ok', 'keys in the header, which are ignored', withHeader({ jku: 'https://evil.example', jwk: { kty: 'oct' } })],

  ['too_large', 'a paste of 16,385 bytes', ' '.repeat(16_385)],
  ['too_large', 'a paste of 16,385 bytes in fewer characters', 'é'.repeat(8_192) + 'x'],
  ['too_large', 'a paste of 16,385 bytes with a credential in it', jwt + ' '.repeat(16_385 - jwt.length)],
  ['too_large', 'a JWT of more than 8,192 characters', withClaims({ padding: 'x'.repeat(6_000) })],
  ['too_large', 'one of two JWTs of more than 8,192 characters', `${jwt}\n${withClaims({ padding: 'x'.repeat(6_000) })}`],

  ['empty', 'nothing', ''],
  ['empty', 'blanks and invisible characters', ' \t\r\n\u00A0\u200B\uFEFF'],

  ['url', 'the address of the console', 'https://developers.ringcentral.com/console'],
  ['url', 'an address in brackets', '<https://developers.ringcentral.com/>'],
  ['url', 'an address with a label', 'Link: https://developers.ringcentral.com'],
  ['url', 'an address without its scheme', 'developers.ringcentral.com/my-account'],
  ['url', 'a host name of three parts', 'platform.ringcentral.com'],

  ['client_id', '22 characters of base64url', clientId],
  ['client_id', '22 characters with a label', `Client ID: "${clientId}"`],
  ['client_id', '22 characters that a label makes look like quoted-printable', `CLIENT_ID=ABEXAMPLEclientId_0001`],
  ['client_id', 'the ISV’s own, of any length', 'short-id', { clientId: 'short-id' }],
  ['client_id', 'the ISV’s own, in a sentence', 'The id is short-id, I think', { clientId: 'short-id' }],
  ['client_id', 'the ISV’s own, although it begins like a JWT', 'eyJclientId', { clientId: 'eyJclientId' }],

  ['client_secret_like', '44 characters of base64url', clientSecret],
  ['client_secret_like', '44 characters with a label', `CLIENT_SECRET=${clientSecret}`],

  ['access_token', 'what begins with U0pD', accessToken],
  ['access_token', 'Bearer and what begins with U0pD', `Bearer ${accessToken}`],
  ['access_token', 'the answer of the token endpoint', JSON.stringify({ access_token: accessToken, expires_in: 3600 })],
  ['access_token', 'an access token in lines', wrap(accessToken + 'x'.repeat(100), 30)],

  ['several_jwts', 'two different credentials', `${jwt}\n${anAssertion({ signature: aSignature('OTHER') })}`],
  ['several_jwts', 'two, one of them masked', `${jwt}\n${withClaims({ sub: '1' }).slice(0, -9)}•••`],

  ['masked', 'three dots at its end', `${jwt}...`],
  ['masked', 'an ellipsis at its end', `${jwt}…`],
  ['masked', 'three dots after its first letters', `${jwt.slice(0, 12)}...`],
  ['masked', 'three dots in the middle of it', `${jwt.slice(0, 30)}...${jwt.slice(-10)}`],
  ['masked', 'bullets in it', `${jwt.slice(0, 300)}••••••${jwt.slice(310)}`],
  ['masked', 'asterisks behind a blank', `${jwt.slice(0, 300)} ********`],
  ['masked', 'asterisks at the end of a whole one', `${jwt}***`],
  ['masked', 'nothing but bullets', '••••••••••••'],
  ['masked', 'a masked JWE', `${encodeJson({ alg: 'RSA-OAEP', enc: 'A256GCM' })}.abc•••`],

  ['encrypted_jwt', 'a JWE', `${encodeJson({ alg: 'RSA-OAEP', enc: 'A256GCM' })}.YWJj.YWJj.YWJj.YWJj`],
  ['encrypted_jwt', 'a JWE without a wrapped key', `${encodeJson({ alg: 'dir', enc: 'A256GCM' })}..YWJj.YWJj.YWJj`],
  ['encrypted_jwt', 'a JWE that is cut off', `${encodeJson({ alg: 'RSA-OAEP', enc: 'A256GCM' })}.YWJj.YW`],
  ['encrypted_jwt', 'any five parts', `${jwt}.YWJj.YWJj`],
  ['encrypted_jwt', 'a JWE with an illegal character', `${encodeJson({ alg: 'dir', enc: 'x' })}.YW!JjYWJjYWJjYWJjYWJj.a.b.c`],

  ['illegal_characters', 'in the header', `${jwt.slice(0, 20)}!${jwt.slice(21)}`],
  ['illegal_characters', 'in the payload', `${jwt.slice(0, 200)}é${jwt.slice(200)}`],
  ['illegal_characters', 'in the signature', `${jwt.slice(0, 500)}#${jwt.slice(501)}`],
  ['illegal_characters', 'in the place of its first character', `!${jwt.slice(1)}`],
  ['illegal_characters', 'in the place of its second character', `e!${jwt.slice(2)}`],
  ['illegal_characters', 'in the place of its last character', `${jwt.slice(0, -1)}!`],
  ['illegal_characters', 'the plus and slash of base64', `${jwt.slice(0, 400)}+/${jwt.slice(402)}`],
  ['illegal_characters', 'padding of its parts', jwt.replaceAll('.', '=.')],
  ['illegal_characters', 'the replacement character of invalid UTF-8', `${jwt.slice(0, 400)}\uFFFD${jwt.slice(401)}`],
  ['illegal_characters', 'half a surrogate pair', `${jwt.slice(0, 400)}\uD800${jwt.slice(401)}`],

  ['truncated', 'one character short', jwt.slice(0, -1)],
  ['truncated', 'without its signature', `${header}.${payload}`],
  ['truncated', 'with an empty signature', `${header}.${payload}.`],
  ['truncated', 'in its payload', jwt.slice(0, 200)],
  ['truncated', 'in its header', jwt.slice(0, 40)],
  ['truncated', 'its first three letters', 'eyJ'],
  ['truncated', 'without its first letters', jwt.slice(5)],
  ['truncated', 'without its header', `${payload}.${signature}`],
  ['truncated', 'with half a payload and a signature', jwt.slice(150)],
  ['truncated', 'one character too long for any key', `${jwt}A`],
  ['truncated', 'in a form', `assertion=${jwt.slice(0, -30)}&client_id=${clientId}`],
  ['truncated', 'in a letter', `The key:\n${wrap(jwt.slice(0, -30), 76)}\nThanks, Ana`],
  ['truncated', 'before its issuer', anAssertion({ claims: google }).slice(0, 140)],
  ['truncated', 'with RingCentral’s issuer before the cut', anAssertion({ claims: JSON.stringify({ iss: someClaims.iss, aud: someClaims.aud }) }).slice(0, 180)],

  ['not_a_jwt', 'words', 'hello world'],
  ['not_a_jwt', 'two parts', 'hello.world'],
  ['not_a_jwt', 'four parts', 'a.b.c.d'],
  ['not_a_jwt', 'a file version in a sentence', 'We have v1.2.3 here'],
  ['not_a_jwt', 'punctuation', '.,;:!?'],
  ['not_a_jwt', 'an address within a sentence', 'see https://developers.ringcentral.com for more'],

  ['undecodable', 'a header that is not JSON', `${encodePart('not json')}.${payload}.${signature}`],
  ['undecodable', 'a header that is a broken object', `${encodePart('{broken json}')}.${payload}.${signature}`],
  ['undecodable', 'a header that is a list', `${encodePart('["RS256"]')}.${payload}.${signature}`],
  ['undecodable', 'a header of an impossible length', `${header}AA.${payload}.${signature}`],
  ['undecodable', 'a payload that is not JSON', `${header}.${encodePart('not json')}.${signature}`],
  ['undecodable', 'a payload that is a number', `${header}.${encodePart('7')}.${signature}`],
  ['undecodable', 'a payload that is null', `${header}.${encodePart('null')}.${signature}`],
  ['undecodable', 'a payload that is not UTF-8', `${header}.${encodePart(Buffer.from('{"iss":"\xff"}', 'latin1'))}.${signature}`],
  ['undecodable', 'a missing payload', `${header}..${signature}`],
  ['undecodable', 'any three parts', 'a.b.c'],

  ['unsigned_jwt', 'alg none', anAssertion({ header: { alg: 'none' }, signature: '' })],
  ['unsigned_jwt', 'alg none without its last dot', `${encodeJson({ alg: 'none' })}.${payload}`],
  ['unsigned_jwt', 'alg NONE', withHeader({ alg: 'NONE' })],
  ['unsigned_jwt', 'alg none of another issuer', anAssertion({ header: { alg: 'none' }, claims: google })],

  ['foreign_jwt', 'another issuer', withClaims(google)],
  ['foreign_jwt', 'another issuer and algorithm', anAssertion({ header: { alg: 'HS256' }, claims: google, signature: aSignature('X', 32) })],
  ['foreign_jwt', 'no issuer', withClaims({ iss: undefined })],
  ['foreign_jwt', 'an issuer that is not a string', withClaims({ iss: 7 })],
  ['foreign_jwt', 'a host that looks alike', withClaims({ iss: 'https://platform.ringcentral.com.evil.example' })],
  ['foreign_jwt', 'another host that looks alike', withClaims({ iss: 'https://evilringcentral.com' })],
  ['foreign_jwt', 'RingCentral without TLS', withClaims({ iss: 'http://platform.ringcentral.com' })],
  ['foreign_jwt', 'an issuer that is a property of every object', withClaims({ iss: 'constructor' })],
  ['foreign_jwt', 'another issuer in a JWT without its signature', withClaims(google).split('.').slice(0, 2).join('.')],
  ['foreign_jwt', 'another issuer in a JWT cut off in its signature', withClaims(google).slice(0, -50)],
  ['foreign_jwt', 'another issuer in a payload that is cut off behind it', anAssertion({ claims: JSON.stringify({ iss: google.iss, sub: 'x'.repeat(99) }) }).slice(0, 200)],
  ['foreign_jwt', 'an expired JWT of another issuer', withClaims({ ...google, exp: 1 })],

  ['not_a_credential', 'an audience that is an app', withClaims({ aud: clientId })],
  ['not_a_credential', 'no audience', withClaims({ aud: undefined })],
  ['not_a_credential', 'another service’s token endpoint', withClaims({ aud: 'https://evil.example/restapi/oauth/token' })],
  ['not_a_credential', 'another algorithm', withHeader({ alg: 'HS256' })],
  ['not_a_credential', 'another algorithm of RSA', withHeader({ alg: 'PS256' })],
  ['not_a_credential', 'an algorithm that is a property of every object', withHeader({ alg: '__proto__' })],
  ['not_a_credential', 'no algorithm', withHeader({ alg: undefined })],
  ['not_a_credential', 'a subject that is not all digits', withClaims({ sub: '63304567004x' })],
  ['not_a_credential', 'a subject with a line feed', withClaims({ sub: '63304567004\n' })],
  ['not_a_credential', 'digits of another script', withClaims({ sub: '١٢٣' })],
  ['not_a_credential', 'a subject that is a number', withClaims({ sub: 63304567004 })],
  ['not_a_credential', 'no subject', withClaims({ sub: undefined })],
  ['not_a_credential', 'no expiry', withClaims({ exp: undefined })],
  ['not_a_credential', 'an expiry that is a string', withClaims({ exp: '3932483647' })],
  ['not_a_credential', 'an expiry that is null', withClaims({ exp: null })],
  ['not_a_credential', 'another host of RingCentral', withClaims({ iss: 'https://login.ringcentral.com' })],
  ['not_a_credential', 'a sandbox JWT that is for an app', withClaims({ ...sandboxClaims, aud: clientId })],

  ['wrong_environment', 'a sandbox credential where production is expected', withClaims(sandboxClaims)],
  ['wrong_environment', 'a sandbox credential where biz is expected', withClaims(sandboxClaims), { environment: 'biz' }],
  ['wrong_environment', 'a live credential where sandbox is expected', jwt, { environment: 'sandbox' }],
  ['wrong_environment', 'a sandbox audience', withClaims({ aud: sandboxClaims.aud })],
  ['wrong_environment', 'a sandbox issuer', withClaims({ iss: sandboxClaims.iss })],
  ['wrong_environment', 'an expired sandbox credential', withClaims({ ...sandboxClaims, exp: 1 })],

  ['not_yet_valid', 'nbf in 61 seconds', withClaims({ nbf: inSeconds(61) })],
  ['ok', 'nbf in 60 seconds', withClaims({ nbf: inSeconds(60) })],
  ['ok', 'nbf that is not a number', withClaims({ nbf: 'tomorrow' })],
  ['not_yet_valid', 'nbf in the future and already expired', withClaims({ nbf: inSeconds(100), exp: 1 })],

  ['expired', 'expired for 60 seconds', withClaims({ exp: inSeconds(-60) })],
  ['ok', 'expired for 59 seconds', withClaims({ exp: inSeconds(-59) })],
  ['ok', 'issued in a year', withClaims({ iat: days(365) })],
  ['expired', 'an expiry before the earliest date', withClaims({ exp: -1e300 })],
  ['expired', 'an expiry of zero', withClaims({ exp: 0 })],
]; // prettier-ignore

describe('SEC-24: inspecting a paste tells what it is', () => {
  it.each(cases)('%s: %s', (code, _title, paste, more = {}) => {
    const { inspection, assertion } = read(paste, more);
    expect(inspection.code).toBe(code);
    expect(inspection.outcome).toBe(code === 'ok' ? 'ok' : 'rejected');
    expect(assertion === undefined).toBe(code !== 'ok');
  });

  it('covers every documented code', () => {
    expect(new Set(cases.map(([code]) => code))).toEqual(new Set([...rejectionCodes, 'ok']));
  });

  it('accepts a paste of 16,384 bytes and a JWT of 8,192 characters', () => {
    const long = withClaims({ padding: 'x'.repeat(5_619) });
    const longest = withClaims({ padding: 'x'.repeat(5_619 + Math.floor(((8_192 - long.length) * 3) / 4)) });
    expect(longest.length).toBeGreaterThan(8_188);
    expect(longest.length).toBeLessThanOrEqual(8_192);
    expect(codeOf(longest + ' '.repeat(16_384 - longest.length))).toBe('ok');
  });
});

describe('of several problems, the first in the documented order is reported', () => {
  const two = (one: string) => `${one}\n${anAssertion({ signature: aSignature('OTHER') })}`;
  it.each<[InspectionCode, string, string]>([
    ['several_jwts', 'masked', two(`${withClaims({ sub: '7' })}...`)],
    ['masked', 'illegal_characters', `${jwt.slice(0, 300)}#${jwt.slice(301, 400)}…`],
    ['masked', 'truncated', `${jwt.slice(0, 300)}…`],
    ['masked', 'foreign_jwt', `${withClaims(google)}...`],
    ['illegal_characters', 'truncated', `${jwt.slice(0, 300)}#${jwt.slice(301, 500)}`],
    ['illegal_characters', 'foreign_jwt', `${withClaims(google).slice(0, 400)}#${withClaims(google).slice(401)}`],
    ['truncated', 'undecodable', `${header}.${encodePart('not json')}.${signature.slice(9)}`],
    ['truncated', 'not_a_credential', withClaims({ sub: 'x' }).slice(0, -9)],
    ['truncated', 'wrong_environment', withClaims(sandboxClaims).slice(0, -9)],
    ['truncated', 'expired', withClaims({ exp: 1 }).slice(0, -9)],
    ['undecodable', 'unsigned_jwt', `${encodeJson({ alg: 'none' })}.${encodePart('not json')}.`],
    ['not_a_credential', 'wrong_environment', withClaims({ ...sandboxClaims, sub: 'x' })],
    ['not_a_credential', 'expired', withClaims({ exp: 1, sub: 'x' })],
    ['wrong_environment', 'not_yet_valid', withClaims({ ...sandboxClaims, nbf: inSeconds(99) })],
  ])('%s before %s', (first, _second, paste) => {
    expect(codeOf(paste)).toBe(first);
  });
});

it('reports the repairs of a refused JWT, and only those that were made', () => {
  expect(read(`Key: ${jwt.slice(0, -30)} (cut)`).inspection.repairs).toEqual(['label', 'surrounding_text']);
  expect(read(`Bearer ${wrap(jwt.slice(0, -30), 76)}`).inspection.repairs).toEqual(['whitespace', 'bearer_prefix']);
  expect(read('"hello," she said').inspection.repairs).toEqual([]);
});

describe('a payload is reported as far as it was read', () => {
  const told = (paste: string, more: Partial<InspectOptions> = {}) => {
    const { expiresAt, environment, issuer } = read(paste, more).inspection;
    return [expiresAt?.toISOString() ?? null, environment, issuer];
  };

  it.each<[string, string, unknown[]]>([
    ['a credential that never expires', jwt, [null, 'production', someClaims.iss]],
    ['one that expires', withClaims({ exp: Date.parse('2027-03-03T00:00:00Z') / 1000 }), ['2027-03-03T00:00:00.000Z', 'production', someClaims.iss]],
    ['one that expires within a second', withClaims({ exp: 1_900_000_000.25 }), ['2030-03-17T17:46:40.250Z', 'production', someClaims.iss]],
    ['one that expires in the last second of 2089', withClaims({ exp: Date.UTC(2090, 0, 1) / 1000 - 1 }), ['2089-12-31T23:59:59.000Z', 'production', someClaims.iss]],
    ['one that expires in 2090', withClaims({ exp: Date.UTC(2090, 0, 1) / 1000 }), [null, 'production', someClaims.iss]],
    ['a number too large for JavaScript', anAssertion({ claims: JSON.stringify(someClaims).replace(/"exp":\d+/, '"exp":1e400') }), [null, 'production', someClaims.iss]],
    ['a time before the earliest date', withClaims({ exp: -1e300 }), [null, 'production', someClaims.iss]],
    ['an expired one', withClaims({ exp: 1_700_000_000 }), ['2023-11-14T22:13:20.000Z', 'production', someClaims.iss]],
    ['a sandbox one', withClaims(sandboxClaims), [null, 'sandbox', sandboxClaims.iss]],
    ['one cut off in its signature', withClaims({ exp: 1_700_000_000 }).slice(0, -9), ['2023-11-14T22:13:20.000Z', 'production', someClaims.iss]],
    ['one masked in its signature', `${withClaims({ exp: 1_700_000_000 }).slice(0, -9)}•••`, ['2023-11-14T22:13:20.000Z', 'production', someClaims.iss]],
    ['one cut off in its payload', jwt.slice(0, 300), [null, null, null]],
    ['a foreign one', withClaims({ ...google, exp: 1_700_000_000 }), ['2023-11-14T22:13:20.000Z', null, google.iss]],
    ['several', `${jwt} ${withClaims(google)}`, [null, null, null]],
    ['none at all', 'hello', [null, null, null]],
  ])('%s', (_title, paste, expected) => {
    expect(told(paste)).toEqual(expected);
  }); // prettier-ignore

  it.each<[string, unknown, string | null]>([
    ['a URL', 'https://id.example/realms/a?b=c', 'https://id.example/realms/a?b=c'],
    ['a host name', 'accounts.google.com', 'accounts.google.com'],
    ['a URL with a port', 'http://localhost:8080', 'http://localhost:8080'],
    ['a URL of 100 characters', `https://id.example/${'a'.repeat(81)}`, `https://id.example/${'a'.repeat(81)}`],
    ['a URL of 101 characters', `https://id.example/${'a'.repeat(82)}`, null],
    ['one word', 'joe', null],
    ['an email address', 'robot@project.example.com', null],
    ['a URL with a password', 'https://user:password@id.example', null],
    ['a URL with a blank', 'https://id.example/a b', null],
    ['a URL with a line feed', 'https://id.example/\n', null],
    ['a URL with a letter that is not ASCII', 'https://id.exämple', null],
    ['a script', 'javascript:alert(1)', null],
    ['a company name', 'Example Inc.', null],
    ['an IP address', '10.0.0.1', null],
  ])('an issuer is reported only if it is a URL or a host name: %s', (_title, iss, expected) => {
    expect(read(withClaims({ iss })).inspection.issuer).toBe(expected);
  });

  it('names the unexpected environment when issuer and audience disagree', () => {
    expect(told(withClaims({ iss: bizClaims.iss }))[1]).toBe('biz');
    expect(told(withClaims({ aud: bizClaims.aud }))[1]).toBe('biz');
    expect(told(withClaims({ aud: bizClaims.aud }), { environment: 'biz' })[1]).toBe('production');
    expect(told(withClaims({ aud: sandboxClaims.aud }))[1]).toBe('sandbox');
  });
});

describe('warnings of an accepted credential', () => {
  it.each<[string, AssertionOverrides, string[]]>([
    ['none', {}, []],
    ['30 days left', { claims: { exp: days(30) } }, ['expires_soon']],
    ['30 days and a second left', { claims: { exp: days(30) + 1 } }, []],
    ['within the last minute', { claims: { exp: inSeconds(-30) } }, ['expires_soon']],
    ['another live environment', { claims: bizClaims }, ['environment_differs']],
    ['both', { claims: { ...bizClaims, exp: days(2) } }, ['expires_soon', 'environment_differs']],
    ['no warning beside a refusal', { claims: { ...bizClaims, exp: 1 } }, []],
  ])('%s', (_title, overrides, warnings) => {
    expect(read(anAssertion(overrides)).inspection.warnings).toEqual(warnings);
  });

  it('does not warn when biz is expected and found', () => {
    expect(read(withClaims(bizClaims), { environment: 'biz' }).inspection.warnings).toEqual([]);
  });
});

describe('hostile JSON', () => {
  const text = JSON.stringify(someClaims);
  it.each<[InspectionCode, string, string]>([
    ['foreign_jwt', 'if a name is repeated, the last one counts', text.replace(/}$/, ',"iss":"https://evil.example"}')],
    ['ok', 'a member named __proto__ has no effect', text.replace(/}$/, ',"__proto__":{"iss":"https://evil.example"}}')],
    ['foreign_jwt', 'an issuer inside __proto__ does not count', text.replace(/"iss":"[^"]+"/, '"__proto__":{"iss":"https://platform.ringcentral.com"}')],
    ['ok', 'deep nesting in another claim', text.replace(/}$/, `,"x":${'['.repeat(1_500)}${']'.repeat(1_500)}}`)],
    ['undecodable', 'deep nesting that does not end', `${text.slice(0, -1)},"x":${'['.repeat(3_000)}`],
    ['not_a_credential', 'a list in the place of the subject', text.replace('"63304567004"', '["63304567004"]')],
    ['undecodable', 'a byte order mark', `\uFEFF${text}`],
  ])('%s: %s', (code, _title, claims) => {
    expect(codeOf(anAssertion({ claims }))).toBe(code);
  }); // prettier-ignore
});

describe('the secret stays apart from what may be shown (SEC-23)', () => {
  const inspected = read(`Bearer ${jwt}`);

  it('returns the repaired JWT when it is revealed', () => {
    expect(inspected.assertion?.reveal()).toBe(jwt);
  });

  it.each<[string, string]>([
    ['JSON', JSON.stringify(inspected)],
    ['util.inspect', inspect(inspected, { depth: null })],
    ['JSON of a refused one', JSON.stringify(read(withClaims({ exp: 1 })))],
    ['util.inspect of a refused one', inspect(read(withClaims({ exp: 1 })), { depth: null })],
  ])('prints no part of it in %s', (_way, printed) => {
    for (let at = 0; at + 8 <= jwt.length; at += 1) expect(printed).not.toContain(jwt.slice(at, at + 8));
    expect(printed).not.toContain(someClaims.sub);
    expect(printed).not.toContain(someClaims.jti);
  });

  it('returns the owner to its caller, and only for a credential', () => {
    expect(inspected).toHaveProperty('ownerId', someClaims.sub);
    expect(read(withClaims({ exp: 1 }))).not.toHaveProperty('ownerId');
  });

  it('computes the fingerprint of a repaired JWT, and of no incomplete one', () => {
    const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
    expect(read(wrap(jwt, 64)).fingerprint()).toBe(sha256(jwt));
    const expired = withClaims({ exp: 1 });
    expect(read(`JWT: ${expired}`).fingerprint()).toBe(sha256(expired));
    for (const paste of ['', 'hello', jwt.slice(0, -1), `${jwt}...`, `${jwt} ${expired}`]) {
      expect(read(paste).fingerprint()).toBeNull();
    }
  });

  it('counts the characters of the JWT if there is one, otherwise of the paste', () => {
    expect(read(wrap(jwt, 64)).inspection.seenLength).toBe(jwt.length);
    expect(read(jwt.slice(0, 412)).inspection.seenLength).toBe(412);
    expect(read(`${jwt.slice(0, 100)}*** and words behind it`).inspection.seenLength).toBe(100);
    expect(read('hello').inspection.seenLength).toBe(5);
    expect(read('x'.repeat(1_000_000)).inspection.seenLength).toBe(1_000_000);
  });
});

describe('a paste made to be slow is judged all the same (SEC-51); the bench `inspect` measures it', () => {
  // An exponential step would take hours for one of these.
  it.each(slowPastes(16_384))('$name', ({ paste }) => {
    expect(Buffer.byteLength(paste)).toBe(16_384);
    expect([...rejectionCodes, 'ok']).toContain(codeOf(paste));
    expect(codeOf(`${paste} `)).toBe('too_large');
  });
});
