import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The documents that a folder should hold in the end, by path. */
export type Expected = ReadonlyMap<string, Buffer>;

const isState = (path: string) => path === '.latchkey' || path.startsWith('.latchkey/');

/** The files of the folder, without those of the pull itself. */
const filesIn = (dir: string): string[] =>
  readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter(
    (path) => !isState(path) && statSync(join(dir, path)).isFile(),
  );

/** What is wrong with a folder at any time, also after a kill: a file that looks whole must be whole. */
export function brokenFiles(dir: string, expected: Expected): string[] {
  return filesIn(dir).flatMap((path) => {
    if (path.endsWith('.part')) return [];
    if (path.endsWith('.json')) return isBeside(dir, path, expected) ? [] : ['a JSON file does not fit its document'];
    const document = expected.get(path);
    if (!document) return ['a file that no fax has'];
    return readFileSync(join(dir, path)).equals(document) ? [] : ['a document is not as it was sent'];
  });
}

function isBeside(dir: string, path: string, expected: Expected): boolean {
  try {
    const { file, sha256 } = JSON.parse(readFileSync(join(dir, path), 'utf8')) as { file: string; sha256: string };
    const document = expected.get(join(path, '..', file));
    return document !== undefined && createHash('sha256').update(document).digest('hex') === sha256;
  } catch {
    return false;
  }
}

/** What is wrong with a folder after a run that was not disturbed: every fax is there once, and nothing else is. */
export function wrongInTheEnd(dir: string, expected: Expected): string[] {
  const files = new Set(filesIn(dir));
  const problems = brokenFiles(dir, expected);
  for (const path of expected.keys()) {
    if (!files.has(path)) problems.push('a fax is missing');
    if (!files.has(path.replace(/\.\w+$/, '.json'))) problems.push('a JSON file is missing');
  }
  if ([...files].some((path) => path.endsWith('.part'))) problems.push('a .part file is left');
  const open = [...files].filter((path) => (statSync(join(dir, path)).mode & 0o077) !== 0);
  if (open.length > 0 || (statSync(join(dir, '.latchkey')).mode & 0o077) !== 0) problems.push('others may read a file');
  return problems;
}
