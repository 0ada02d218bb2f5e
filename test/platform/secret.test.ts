import { format, inspect } from 'node:util';
import { Secret } from '../../src/platform/secret.js';

const secret = new Secret('EXAMPLE-not-to-be-seen');

it('returns its text from reveal', () => {
  expect(secret.reveal()).toBe('EXAMPLE-not-to-be-seen');
});

it.each<[string, () => string]>([
  ['JSON', () => JSON.stringify({ secret })],
  ['util.inspect', () => inspect({ secret }, { depth: null, showHidden: true, getters: true })],
  ['util.inspect of itself', () => inspect(secret, { customInspect: false, showHidden: true })],
  ['console.log', () => format('%s %o %O %j', secret, secret, secret, secret)],
  ['a template', () => `${String(secret)} ${secret.toString()}`],
  ['a copy of its members', () => JSON.stringify(Object.assign({}, secret))],
  ['its keys', () => [...Object.getOwnPropertyNames(secret), ...Object.values(secret)].join()],
  ['a structured clone', () => JSON.stringify(structuredClone(secret))],
  ['an error message', () => new Error(`cannot seal ${String(secret)}`).stack ?? ''],
])('shows nothing of it in %s', (_way, shown) => {
  expect(shown()).not.toContain('EXAMPLE');
});
