import fc from 'fast-check';
import { inspectAssertion } from '../../../src/credentials/inspect/inspect-assertion.js';
import type { InspectionCode } from '../../../src/credentials/inspect/inspection-types.js';
import { aHeader, encodePart, someClaims, today, wrap } from '../../support/assertions.js';

const inspect = (paste: string, clientId?: string) =>
  inspectAssertion(paste, { now: today, environment: 'production', clientId }).inspection;
const codeOf = (paste: string, clientId?: string) => inspect(paste, clientId).code;

const clientId = 'EXAMPLEclientId_000001';
const secret = 'EXAMPLEsecretEXAMPLEsecretEXAMPLEsecret00000';
const tokenOf = (tag: string) => encodePart(`${tag}|AAB_EXAMPLEEXAMPLEEXAMPLE`);
const quoted = (text: string, mark: string) => text.split('\n').map((line) => mark + line).join('\n'); // prettier-ignore

const cases: [code: InspectionCode, title: string, paste: string][] = [
  ['client_id', 'broken over two lines', 'EXAMPLEclient\nId_000001'],
  ['client_id', 'broken by CR LF', 'EXAMPLEclient\r\nId_000001'],
  ['client_id', 'over three indented lines', 'EXAMPLE\n  client\n  Id_000001\n'],
  ['client_id', 'over lines of a quoted mail', '> EXAMPLEclient\n> Id_000001'],
  ['client_id', 'over lines behind a bar', '| EXAMPLEclient\n| Id_000001'],
  ['client_id', 'over lines, with a label', 'Client ID: EXAMPLEclient\nId_000001'],
  ['client_id', 'over lines, in quotes', '“EXAMPLEclient\nId_000001”'],
  ['client_id', 'over lines, with a break of HTML', 'EXAMPLEclient<br>Id_000001'],
  ['client_id', 'over lines that end with =', 'EXAMPLEclient=\nId_000001'],
  ['client_id', 'below its name, as a console shows it', `Client ID\n${clientId}`],
  ['client_id', 'below its name and over lines', 'Client ID\nEXAMPLEclient\nId_000001'],
  ['client_id', 'in JSON', JSON.stringify({ clientId })],

  ['client_secret_like', 'wrapped by a mail program', 'EXAMPLEsecretEXAMPLEsecret\r\nEXAMPLEsecret00000'],
  ['client_secret_like', 'in lines of 16', wrap(secret, 16)],
  ['client_secret_like', 'over lines of a quoted mail', quoted(wrap(secret, 30), '> ')],
  ['client_secret_like', 'over lines behind a bar', quoted(wrap(secret, 30), '│ ')],
  ['client_secret_like', 'over lines, with a label', `Client secret: ${wrap(secret, 20)}`],
  ['client_secret_like', 'over lines, in a code fence', `\`\`\`\n${wrap(secret, 40)}\n\`\`\``],
  ['client_secret_like', 'below its name', `Client Secret\n${secret}`],

  ['access_token', 'of Amsterdam', 'QU1TMDJQMDFQQVMwMHxBQUJfRVhBTVBMRUVYQU1QTEVFWEFNUExF'],
  ['access_token', 'of San Jose', tokenOf('SJC11P01PAS00')],
  ['access_token', 'of another part of Amsterdam', tokenOf('AMS01P31PAS00')],
  ['access_token', 'of the sample that RingCentral publishes', tokenOf('SPB01T04JWS01')],
  ['access_token', 'of a data center that nobody has seen', tokenOf('XYZ99Q42ABC07')],
  ['access_token', 'in a sentence', `The token is ${tokenOf('AMS02P01PAS00')}, and it works`],
  ['access_token', 'after Bearer', `Authorization: Bearer ${tokenOf('AMS02P01PAS00')}`],
  ['access_token', 'in the answer of the token endpoint', JSON.stringify({ access_token: tokenOf('IAD30P01PAS00'), scope: 'Faxes' })],
  ['access_token', 'in lines of 10', wrap(tokenOf('AMS02P01PAS00'), 10)],
  ['access_token', 'in lines of a quoted mail', quoted(wrap(tokenOf('AMS02P01PAS00'), 30), '| ')],
  ['access_token', 'of which the end is missing', tokenOf('AMS02P01PAS00').slice(0, 15)],
  ['access_token', 'decoded', 'AMS02P01PAS00|AAB_EXAMPLE'],

  ['not_a_jwt', 'a payload', '{"sub":"63304567004","iss":"https://platform.ringcentral.com","jti":"q3Zt0yVbR8mEXAMPLEjti1"}'],
  ['not_a_jwt', 'a payload on lines', JSON.stringify({ ...someClaims, jti: 'q3Zt0yVbR8mEXAMPLEjti1' }, null, 2)],
  ['not_a_jwt', 'a payload with the ISV’s client ID as its audience', JSON.stringify({ ...someClaims, aud: clientId })],
  ['not_a_jwt', 'a header and a payload', `${JSON.stringify(aHeader)}\n${JSON.stringify(someClaims)}`],
  ['not_a_jwt', 'a header with a key name of 22 characters', '{"alg":"RS256","kid":"q3Zt0yVbR8mEXAMPLEjti1"}'],
  ['not_a_jwt', 'a header with a key name of 44 characters', JSON.stringify({ kid: secret })],
  ['not_a_jwt', 'one member of a payload', '"jti": "q3Zt0yVbR8mEXAMPLEjti1"'],
  ['not_a_jwt', 'a payload without quotes', '{ sub: 63304567004, jti: q3Zt0yVbR8mEXAMPLEjti1 }'],
  ['not_a_jwt', 'a payload in typographic quotes', '{“jti”: “q3Zt0yVbR8mEXAMPLEjti1”}'],
  ['not_a_jwt', 'a payload behind bars', quoted(JSON.stringify({ ...someClaims, jti: 'q3Zt0yVbR8mEXAMPLEjti1' }, null, 2), '| ')],
  ['not_a_jwt', 'lines of words', 'Hello\nhere-is-nothing\nThanks\nAna'],
]; // prettier-ignore

describe('other values of a console are named, also when a mail program broke them over lines', () => {
  it.each(cases)('%s: %s', (code, _title, paste) => {
    expect(codeOf(paste)).toBe(code);
  });

  it('recognizes the ISV’s own client ID over lines in a sentence', () => {
    expect(codeOf('The client ID is EXAMPLEclient\nId_000001, right?', clientId)).toBe('client_id');
    expect(codeOf('The client ID is EXAMPLEclient\nId_000001, right?')).toBe('not_a_jwt');
  });

  it('says that the line breaks were repaired', () => {
    expect(inspect(wrap(secret, 20)).repairs).toEqual(['whitespace']);
    expect(inspect('Client ID: EXAMPLEclient\nId_000001').repairs).toEqual(['whitespace', 'label']);
    expect(inspect('| EXAMPLEclient\n| Id_000001').repairs).toEqual(['whitespace', 'mail_quote']);
  });
});

describe('of generated values', () => {
  const base64url = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const random = (length: number) =>
    fc.string({ unit: fc.constantFrom(...Array.from(base64url)), minLength: length, maxLength: length });
  const capital = fc.constantFrom(...Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZ'));
  const digit = fc.constantFrom(...Array.from('0123456789'));
  const tag = fc
    .tuple(capital, capital, capital, digit, digit, capital, digit, digit, capital, capital, capital, digit, digit)
    .map((characters) => characters.join(''));
  const accessToken = fc.tuple(tag, fc.uint8Array({ minLength: 60, maxLength: 180 })).map(([name, bytes]) =>
    encodePart(Buffer.concat([Buffer.from(`${name}|AAB`), bytes])),
  ); // prettier-ignore
  const mark = fc.constantFrom('', '> ', '>', '| ', '|', '¦ ', '│ ', '» ', '    ', '\t');
  const label = fc.constantFrom('', 'Value: ', 'VALUE = ', '"');
  const width = fc.integer({ min: 9, max: 76 });
  const end = fc.constantFrom('\n', '\r\n', '\r');

  it.each<[InspectionCode, fc.Arbitrary<string>]>([
    ['client_id', random(22)],
    ['client_secret_like', random(44)],
    ['access_token', accessToken],
  ])('%s is named whatever the width of its lines, their marks and their ends', (code, values) => {
    fc.assert(
      fc.property(values, mark, label, width, end, (value, before, named, most, after) => {
        const paste = quoted(wrap(named + value, most), before).replaceAll('\n', after);
        expect([codeOf(paste), paste]).toEqual([code, paste]);
      }),
      { numRuns: 3000, seed: 20261129 },
    );
  });

  it('no decoded payload is a client ID or a client secret', () => {
    const id = fc.oneof(random(22), random(44));
    const space = fc.constantFrom(0, 1, 2, '\t');
    fc.assert(
      fc.property(id, space, mark, fc.shuffledSubarray(Object.keys(someClaims)), (value, indent, before, names) => {
        const claims = { ...Object.fromEntries(Object.entries(someClaims).filter(([name]) => names.includes(name))), jti: value };
        const paste = quoted(JSON.stringify(claims, null, indent), before);
        expect([codeOf(paste), paste]).toEqual(['not_a_jwt', paste]);
      }),
      { numRuns: 3000, seed: 20261129 },
    ); // prettier-ignore
  });
});
