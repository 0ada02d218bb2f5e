import { Secret } from '../../src/platform/secret.js';
import { openedTokens } from '../../src/tokens/opened-tokens.js';

const START = Date.parse('2026-11-21T12:00:00Z');
let at = START;
const world = { now: () => new Date(at) };
const token = (id: string, minutes = 60) => ({ id, servesUntil: new Date(START + minutes * 60_000) });

beforeEach(() => {
  at = START;
});

it('opens a token once for all who ask, and keeps it', async () => {
  const opened = openedTokens(world);
  let times = 0;
  const open = () => Promise.resolve(new Secret(`opened ${(times += 1)}`));
  const all = await Promise.all([1, 2, 3].map(() => opened.open(token('a'), open)));
  expect(all.map((secret) => secret?.reveal())).toEqual(['opened 1', 'opened 1', 'opened 1']);
});

it('forgets what does not open', async () => {
  const opened = openedTokens(world);
  expect(await opened.open(token('a'), () => Promise.resolve(null))).toBeNull();
  await expect(opened.open(token('a'), () => Promise.reject(new Error('no database')))).rejects.toThrow('no database');
  expect((await opened.open(token('a'), () => Promise.resolve(new Secret('x'))))?.reveal()).toBe('x');
});

it('keeps so many, the least recently used one first to go', async () => {
  const opened = openedTokens(world, 2);
  const asked: string[] = [];
  const get = (id: string) =>
    opened.open(token(id), () => {
      asked.push(id);
      return Promise.resolve(new Secret(id));
    });
  for (const id of ['a', 'b', 'a', 'c', 'a', 'b']) await get(id);
  expect(asked).toEqual(['a', 'b', 'c', 'b']);
  expect(opened.size()).toBe(2);
});

it('keeps none that has expired by the wall clock', async () => {
  const opened = openedTokens(world);
  for (const id of ['a', 'b']) await opened.open(token(id, 10), () => Promise.resolve(new Secret(id)));
  at = START + 20 * 60_000; // the machine slept
  await opened.open(token('c'), () => Promise.resolve(new Secret('c')));
  expect(opened.size()).toBe(1);
});
