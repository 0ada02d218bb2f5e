import fc from 'fast-check';
import {
  emailAddressProblem,
  parseEmailAddress,
  readEmailAddress,
} from '../../../src/accounts/people/email-address.js';
import { plainAddress } from '../../../src/platform/mail-settings.js';

describe('an email address', () => {
  it.each([
    ['Alice@North.Example', 'alice@north.example'],
    ['  alice@north.example \n', 'alice@north.example'],
    ["o'brien@north.example", "o'brien@north.example"],
    ["a!#$%&'*+-/=?^_`{|}~z@north.example", "a!#$%&'*+-/=?^_`{|}~z@north.example"],
    ['/c=us/s=moss/@north.example', '/c=us/s=moss/@north.example'],
    ['alice+fax@north.example', 'alice+fax@north.example'],
    ['a.b.c@north.example', 'a.b.c@north.example'],
    ['-@north.example', '-@north.example'],
    ['"alice"@north.example', 'alice@north.example'],
    ['"alice.moss"@north.example', 'alice.moss@north.example'],
    ['info@bücher.example', 'info@xn--bcher-kva.example'],
    ['info@BÜCHER.Example', 'info@xn--bcher-kva.example'],
    ['info@xn--bcher-kva.example', 'info@xn--bcher-kva.example'],
    ['info@clínica.méxico.example', 'info@xn--clnica-4va.xn--mxico-bsa.example'],
    ['info@例え。テスト', 'info@xn--r8jz45g.xn--zckzah'],
    ['info@3com.example', 'info@3com.example'],
    ['info@a.museum', 'info@a.museum'],
    [`${'a'.repeat(64)}@north.example`, `${'a'.repeat(64)}@north.example`],
    [`a@${'b'.repeat(63)}.example`, `a@${'b'.repeat(63)}.example`],
  ])('%j is stored as %j', (typed, address) => {
    expect(readEmailAddress(typed)).toBe(address);
  });

  it.each([
    ['', 'no_single_at'],
    ['alice', 'no_single_at'],
    ['@north.example', 'no_single_at'],
    ['alice@', 'no_single_at'],
    ['alice@north.example, eve@evil.example', 'no_single_at'],
    ['alice@@north.example', 'no_single_at'],
    ['Alice <alice@north.example>', 'local_part'],
    ['.alice@north.example', 'local_part'],
    ['alice.@north.example', 'local_part'],
    ['alice..moss@north.example', 'local_part'],
    ['alice moss@north.example', 'local_part'],
    ['alice\r\nbcc: eve@evil.example', 'local_part'],
    ['alice(work)@north.example', 'local_part'],
    ['alicé@north.example', 'local_part'],
    ['"alice moss"@north.example', 'quoted'],
    ['"a@b"@north.example', 'quoted'],
    ['"alice\\"moss"@north.example', 'quoted'],
    ['""@north.example', 'quoted'],
    ['alice@north', 'domain'],
    ['alice@north.example.', 'domain'],
    ['alice@north..example', 'domain'],
    ['alice@-north.example', 'domain'],
    ['alice@north-.example', 'domain'],
    ['alice@nor_th.example', 'domain'],
    ['alice@north.example/path', 'domain'],
    ['alice@n%6frth.example', 'domain'],
    ['alice@north.example:25', 'domain'],
    ['alice@north.\texample', 'domain'],
    ['alice@nor\u00adth.example', 'domain'],
    ['alice@xn--a.example', 'domain'],
    ['alice@192.0.2.1', 'domain'],
    ['alice@0x7f.1', 'domain'],
    ['alice@[192.0.2.1]', 'domain'],
    [`a@${'b'.repeat(64)}.example`, 'domain'],
    [`${'a'.repeat(65)}@north.example`, 'too_long'],
    [`a@${`${'b'.repeat(62)}.`.repeat(4)}example`, 'too_long'],
  ])('%j is refused: %s', (typed, problem) => {
    expect(emailAddressProblem(typed)).toBe(problem);
  });
});

describe('for any text', () => {
  const atext = fc.constantFrom(...Array.from("abcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-/=?^_`{|}~"));
  const atom = fc.array(atext, { minLength: 1, maxLength: 12 }).map((parts) => parts.join(''));
  const localPart = fc.array(atom, { minLength: 1, maxLength: 4 }).map((atoms) => atoms.join('.'));
  const hostLabel = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,9}[a-z0-9])?$/).filter((one) => !one.startsWith('xn--'));
  const domain = fc
    .tuple(fc.array(hostLabel, { minLength: 1, maxLength: 3 }), fc.stringMatching(/^[a-z]{2,8}$/))
    .map(([labels, top]) => [...labels, top].join('.'))
    .filter((name) => !/(^|\.)..--/.test(name)); // reserved for encodings (RFC 5890)

  it('every Dot-string at every domain name is accepted and comes back unchanged', () => {
    fc.assert(
      fc.property(localPart, domain, (local, name) => {
        expect(parseEmailAddress(`${local}@${name}`)).toEqual({ ok: true, address: `${local}@${name}` });
      }),
    );
  });

  it('SEC-52: what is accepted is one plain ASCII address within the limits, and is read as itself', () => {
    const odd = fc.string({ unit: 'grapheme', maxLength: 20 });
    const typed = fc.oneof(
      odd,
      fc.tuple(odd, odd).map(([local, name]) => `${local}@${name}`),
      fc.tuple(localPart, odd).map(([local, name]) => `${local}@${name}.example`),
      fc.tuple(odd, domain).map(([local, name]) => `${local}@${name}`),
    );
    fc.assert(
      fc.property(typed, (text) => {
        const address = readEmailAddress(text);
        if (address === undefined) return;
        expect(address).toMatch(/^[!-~]{1,64}@[a-z0-9.-]{3,253}$/);
        expect(address).toMatch(plainAddress);
        expect(address).not.toMatch(/[",;:<>()[\]\\\s]/);
        expect(address.length).toBeLessThanOrEqual(254);
        expect(readEmailAddress(address)).toBe(address);
      }),
      { numRuns: 2000 },
    );
  });

  it('one character that no Dot-string has makes it refused, with a reason', () => {
    fc.assert(
      fc.property(localPart, fc.constantFrom(...Array.from(' \t\r\n"(),:;<>[]\\é')), domain, (local, wrong, name) => {
        expect(emailAddressProblem(`a${wrong}${local}@${name}`)).toBe('local_part');
      }),
    );
  });
});
