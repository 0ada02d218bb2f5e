import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { declarations } from '../../src/portal.js';
import { english } from '../../src/texts/texts.js';
import { root } from '../views/render.js';

// These two search the source text, because nothing that runs can hold them: only a run of all tests shows what is
// written or sent, and each test file runs in a separate process. Finding a name proves no more than that it is used.
const source = (folder: string, without?: RegExp): string =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.startsWith('texts') && !without?.test(name))
    .map((name) => readFileSync(join(root, folder, name), 'utf8'))
    .join('\n');
const code = source('src');

it('SEC-08: every notice of an account change is sent somewhere', () => {
  const unsent = Object.keys(english.mails.security.notices).filter((notice) => !code.includes(`'${notice}'`));
  expect(unsent).toEqual([]);
});

describe('SEC-42: the acts that capabilities declare', () => {
  const acts = declarations.flatMap(({ audit = [] }) => audit);
  const actions = acts.map(({ action }) => action);

  it('are each declared once', () => {
    expect(actions.length).toBeGreaterThan(30);
    expect(actions.filter((action, n) => actions.indexOf(action) !== n)).toEqual([]);
  });

  it('are each written somewhere', () => {
    const written = source('src', /-acts\.ts$/);
    expect(actions.filter((action) => !written.includes(`'${action}'`))).toEqual([]);
  });

  it('have each a name on the pages of staff, as acts of earlier versions have', () => {
    const texts = Object.keys(english.staff.actions);
    expect(texts.filter((action) => !actions.includes(action))).toEqual(['credential.canary_tried']);
    expect(actions.filter((action) => !texts.includes(action))).toEqual([]);
  });
});
