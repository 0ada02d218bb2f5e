import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { english } from '../../src/texts/texts.js';
import { root } from '../views/render.js';

const source = (folder: string): string =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.startsWith('texts'))
    .map((name) => readFileSync(join(root, folder, name), 'utf8'))
    .join('\n');
const code = source('src');
const declarations = readFileSync(join(root, 'src/audit/audit-events.ts'), 'utf8');

it('SEC-08: every notice of an account change is sent somewhere', () => {
  const unsent = Object.keys(english.mails.security.notices).filter((notice) => !code.includes(`'${notice}'`));
  expect(unsent).toEqual([]);
});

it('SEC-42: every declared audit action is written somewhere', () => {
  const [, union = ''] = /type AuditAction =([^;]*);/.exec(declarations) ?? [];
  const actions = [...union.matchAll(/'([\w.]+)'/g)].map(([, action = '']) => action);
  expect(actions.length).toBeGreaterThan(30);
  const written = code.replace(declarations, '');
  expect(actions.filter((action) => !written.includes(`'${action}'`))).toEqual([]);
});
