import languageCommon from '@zxcvbn-ts/language-common';
import { judgePassword } from '../../../src/accounts/passwords/password-rules.js';
import { passwordHasher } from '../../../src/accounts/passwords/password-hasher.js';
import { cheapArgon2 } from '../support.js';

const words = ['latchkey', 'Example Health', 'North Clinic', 'alice.moss@north.example', 'Alice Moss'];

it.each([
  ['quiet otters paddle'],
  ['   fifteen spaced   '],
  ['пятнадцать букв тут'],
  ['十五文字の合言葉をここに書きます'],
  ['🦦🦦🐟🐟🦦🐟🦦🦦🐟🐟🦦🐟🦦🦦🐟'],
  ['correct horse battery staple '.repeat(5).slice(0, 128)],
  ['x'.repeat(1000)],
  ['nothing but lower case letters'],
  ['192837465019283'],
  ['the north clinic otter sings at dawn'],
])('SEC-01: accepts %j', (password) => {
  expect(judgePassword(password, words)).toBeUndefined();
});

it.each([
  ['', 'missing'],
  ['fourteen chars', 'too_short'],
  ['🦦🐟🦦🐟🦦🐟🦦🐟🦦🐟🦦🐟🦦🐟', 'too_short'], // 14 characters, 28 UTF-16 units
  ['x'.repeat(1001), 'too_long'],
  ['PasswordPassword', 'common'],
  ['passwordpasswordpass', 'common'],
  ['password123456789', 'common'],
  ['!!!qwertyuiop12345', 'common'],
  ['Q1w2e3r4t5y6u7i8', 'common'],
  ['North Clinic 2026', 'guessable'],
  ['NORTHCLINICnorthclinic', 'guessable'],
  ['alice.moss@north.example', 'guessable'],
  ['latchkey latchkey!', 'guessable'],
])('SEC-02: refuses %j as %s', (password, problem) => {
  expect(judgePassword(password, words)).toBe(problem);
});

it('SEC-02: refuses every password on the list of common ones, in any case, as common', () => {
  const list = languageCommon.dictionary['passwords-common'];
  expect(list.length).toBeGreaterThan(40_000);
  const accepted = list.filter((password) => judgePassword(password.toUpperCase(), []) !== 'common');
  expect(accepted).toEqual([]);
});

it('SEC-51: judges the longest possible password quickly', () => {
  const start = performance.now();
  for (const password of [
    'a'.repeat(10_000),
    'ab'.repeat(5000),
    `${'a'.repeat(5000)}b${'a'.repeat(4999)}`,
    '1'.repeat(10_000),
  ])
    judgePassword(password, words);
  expect(performance.now() - start).toBeLessThan(1000);
});

describe('hashing', () => {
  const hasher = passwordHasher(cheapArgon2);

  it('SEC-01: uses a password verbatim: spaces, case and Unicode form matter', async () => {
    const stored = await hasher.hash(' Pässword with blanks ');
    expect((await hasher.verify(stored, ' Pässword with blanks ')).right).toBe(true);
    for (const near of ['Pässword with blanks', ' pässword with blanks ', ' Pässword with blanks '.normalize('NFD')])
      expect((await hasher.verify(stored, near)).right).toBe(false);
  });

  it('SEC-03: the password of an unknown person is never right', async () => {
    expect((await hasher.verify(null, 'of nobody')).right).toBe(false);
  });

  it('SEC-03: recognizes a hash with other parameters', async () => {
    const stored = await hasher.hash('a password');
    expect((await hasher.verify(stored, 'a password')).outdated).toBe(false);
    const stronger = passwordHasher({ ...cheapArgon2, passes: 3 });
    expect((await stronger.verify(stored, 'a password')).outdated).toBe(true);
  });

  it('SEC-03: makes argon2id hashes with 19 MiB, 2 passes and 1 lane by default', async () => {
    expect(await passwordHasher().hash('a password')).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  it('refuses work when too much is waiting, and serves the rest', async () => {
    const asked = await Promise.allSettled(Array.from({ length: 200 }, () => hasher.hash('a password')));
    const refused = asked.filter((answer) => answer.status === 'rejected');
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length).toBeLessThan(200 - 64);
    expect(refused[0]?.reason).toMatchObject({ code: 'unavailable' });
    expect(await hasher.hash('a password')).toContain('$argon2id$');
  });
});
