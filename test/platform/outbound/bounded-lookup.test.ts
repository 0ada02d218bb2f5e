import type { LookupFunction } from 'node:net';
import { createJudgedPost } from '../../../src/platform/outbound/judged-post.js';
import { boundedLookup } from '../../../src/platform/outbound/bounded-lookup.js';
import { addressJudge } from '../../../src/platform/outbound/public-address.js';
import { realWorld } from '../../../src/platform/world.js';

/** A name server that answers when it is told to. */
function slowResolver() {
  const open: { name: string; answer: () => void }[] = [];
  const lookup: LookupFunction = (name, _options, callback) => {
    const found = [{ address: '127.0.0.1', family: 4 }];
    open.push({ name, answer: () => (callback as (error: null, all: typeof found) => void)(null, found) });
  };
  return { open, lookup, names: () => open.map(({ name }) => name) };
}
const ask = (lookup: LookupFunction, name: string) =>
  new Promise<string>((resolve) => lookup(name, { all: true }, (error) => resolve(error?.code ?? 'found')));
const inTime = {
  wait: (_ms: number, signal?: AbortSignal) => new Promise<void>((end) => (signal!.onabort = () => end())),
};

it('no more than two names are looked up at once; the next begins when one ends, in order', async () => {
  const { open, lookup, names } = slowResolver();
  const bounded = boundedLookup({ world: inTime, lookup, atOnce: 2, waitMs: 5000 });
  const asked = ['a', 'b', 'c', 'd'].map((name) => ask(bounded, name));
  expect(names()).toEqual(['a', 'b']);
  open[1]?.answer();
  expect(await asked[1]).toBe('found');
  expect(names()).toEqual(['a', 'b', 'c']);
  for (const { answer } of [open[0]!, open[2]!]) answer();
  expect(names()).toEqual(['a', 'b', 'c', 'd']);
  open[3]?.answer();
  expect(await Promise.all(asked)).toEqual(['found', 'found', 'found', 'found']);
});

it('SEC-38: a name server that hangs holds two look-ups; every request ends in time, and what waited is not looked up later', async () => {
  const { open, lookup, names } = slowResolver();
  const bounded = boundedLookup({ world: realWorld, lookup, atOnce: 2, waitMs: 50 });
  const { post } = createJudgedPost({
    world: realWorld,
    judge: addressJudge([], true),
    userAgent: 'Latchkey/test',
    deadlineMs: 250,
    network: { lookup: bounded, loopback: true },
  });
  const posts = Array.from({ length: 8 }, (_, n) => post(`https://h${n}.example/in`, {}, '{}'));
  const failures = (await Promise.all(posts)).map((one) => one.kind === 'failure' && one.failure);
  expect(failures.sort()).toEqual([...Array<string>(6).fill('dns'), 'time_out', 'time_out']);
  expect(names()).toHaveLength(2);
  for (const { answer } of [...open]) answer();
  expect(names()).toHaveLength(2);
  const later = ask(bounded, 'later');
  open[2]?.answer();
  expect(await later).toBe('found');
});
