import fc from 'fast-check';
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
  ['🦦🐟🌊🍋🚲🎻🧩🌵🛶🔔🍄🧭🪁🎲🦊'],
  [
    'one correct horse, two batteries, three staples and a gate of rusty iron by the quiet river that sings to otters at dawn in May',
  ],
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

it.each([
  ['xxxxxxxxxxxxxxxxxxxx', 'pattern'],
  ['x'.repeat(1000), 'pattern'],
  ['seven quiet otters seven quiet otters ', 'pattern'],
  ['kq7!kq7!kq7!kq7!k', 'pattern'],
  ['abcdefghijklmnopqrstuvwxyz', 'pattern'],
  ['ZYXWVUTSRQPONMLKJ', 'pattern'],
  ['123456789012345678901234567890', 'common'],
  ['qwertyuiop-asdfghjkl-zxcvbnm', 'common'],
  ['1qaz2wsx3edc4rfv5tgb', 'common'],
  ['tyuiop lkjhgf 0987654 mnbvcx', 'pattern'],
  ['aaaaabbbbbcccccddddd', 'pattern'],
  ['abcd 1234 efgh 5678 zyxw', 'pattern'],
  ['!@#$%^&*()!@#$%^&', 'pattern'],
  ['p.a.s.s.w.o.r.d.1.2.3', 'common'],
  ['pass-word-2026-pass-word', 'common'],
  ['Dragon_Monkey_Football', 'common'],
  ['welcome - summer - 2026 - sunshine', 'common'],
  ['password shadow dragon monkey master baseball football letmein sunshine princess', 'common'],
  ['letmein1 letmein2 letmein3 letmein4', 'common'],
  ['north clinic abcdefgh 12345678', 'guessable'],
])('SEC-64: refuses %j as %s', (password, problem) => {
  expect(judgePassword(password, words)).toBe(problem);
});

describe('SEC-64: refuses at any length', () => {
  const refused = (password: string) => judgePassword(password, []) !== undefined;
  const separator = fc.constantFrom('', ' ', '-', '_', '.', '!', ', ');

  it('one unit repeated', () => {
    const unit = fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' });
    fc.assert(
      fc.property(unit, fc.integer({ min: 2, max: 20 }), (text, times) => refused(text.repeat(times))),
      { seed: 64 },
    );
  });

  it('runs of the alphabet, of digits and of the keyboard, in both directions', () => {
    const order = fc.constantFrom(
      'abcdefghijklmnopqrstuvwxyz',
      '1234567890',
      'qwertyuiop',
      'asdfghjkl',
      'zxcvbnm',
      '0987654321',
      'poiuytrewq',
    );
    const run = fc
      .tuple(order, fc.nat({ max: 4 }), fc.integer({ min: 3, max: 26 }))
      .map(([text, from, length]) => text.slice(from, from + length))
      .filter((text) => text.length >= 3);
    const runs = fc.tuple(fc.array(run, { minLength: 1, maxLength: 30 }), separator);
    fc.assert(
      fc.property(runs, ([parts, between]) => refused(parts.join(between))),
      { seed: 64 },
    );
  });

  it('common words with separators', () => {
    const word = fc.constantFrom('password', 'Dragon', 'monkey', 'LETMEIN', 'football', 'sunshine', 'shadow', 'master');
    const between = fc.constantFrom(' ', '-', '_', '.', '! ', ', ');
    const joined = fc.tuple(fc.array(word, { minLength: 1, maxLength: 40 }), between, fc.nat({ max: 9999 }));
    fc.assert(
      fc.property(joined, ([parts, sign, year]) => refused([...parts, String(year)].join(sign))),
      { seed: 64 },
    );
  });
});

it('SEC-64: accepts what a password manager makes and phrases of rarer words', () => {
  const character = fc.constantFrom(...Array.from('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'));
  const made = fc.string({ unit: character, minLength: 20, maxLength: 40 });
  fc.assert(
    fc.property(made, (password) => judgePassword(password, words) === undefined),
    { seed: 64, numRuns: 2000 },
  );
  const rare = fc.constantFrom(
    'otter',
    'kettle',
    'gravel',
    'violin',
    'property',
    'desert',
    'nope',
    'undercover',
    'tulip',
  );
  const phrase = fc.uniqueArray(rare, { minLength: 4, maxLength: 6 }).map((parts) => parts.join(' '));
  fc.assert(
    fc.property(phrase, (password) => judgePassword(password, words) === undefined),
    { seed: 64 },
  );
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
    'ab1'.repeat(333),
    'abcdefghij'.repeat(100),
    '-_'.repeat(500),
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

  it('SEC-60: strangers who fill the queue leave every second turn to known people', async () => {
    let finished = 0;
    const stored = await hasher.hash('a password');
    const strangers = Array.from({ length: 60 }, () => hasher.verify(stored, 'wrong').then(() => (finished += 1)));
    await hasher.verify(stored, 'a password', 'known');
    expect(finished).toBeLessThan(30);
    await Promise.all(strangers);
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
