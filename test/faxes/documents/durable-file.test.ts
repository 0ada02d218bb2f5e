import { linkSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeWhole } from '../../../src/faxes/documents/durable-file.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-durable-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it.each([
  ['hard', linkSync],
  ['symbolic', symlinkSync],
])(
  'a %s link in the place of a .part file is replaced, and the file that it leads to is not written',
  async (_, link) => {
    const [file, other] = [join(folder, '5-5.json'), join(folder, 'other')];
    writeFileSync(other, 'precious');
    link(other, `${file}.part`);
    await writeWhole(file, '{}');
    expect(readFileSync(other, 'utf8')).toBe('precious');
    expect(readFileSync(file, 'utf8')).toBe('{}');
  },
);
