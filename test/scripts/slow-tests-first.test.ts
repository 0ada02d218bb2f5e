import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SlowTestsFirst from '../../scripts/slow-tests-first.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-order-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('files that say how long they run start first, then the larger ones, where jest has no times', () => {
  const texts = {
    small: '// Runs for about an hour, not in the form that counts\n',
    large: 'x'.repeat(90_000),
    minute: '// Only on SQLite: why\n// Runs for 60 s\nit();\n',
    minutes: '// Runs for 300 s\nit();\n',
  };
  const context = { config: { cache: false } };
  const tests = Object.entries(texts).map(([name, text]) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return { path, context };
  });
  const order = new SlowTestsFirst().sort(tests);
  expect(order.map(({ path }) => path.slice(folder.length + 1))).toEqual(['minutes', 'minute', 'large', 'small']);
});
