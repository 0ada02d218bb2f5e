import { join } from 'node:path';
import type { PulledSet } from './pulled-set.js';
import { compareFile, isThere, type Finding } from '../documents/beside.js';
import { onFolder } from '../documents/folder-error.js';

/**
 * Compares the documents with the set, one after another. `taken_away`: the file is not there, which the ISV's own
 * software may have meant; `damaged`: another file is in its place. A JSON file that is not there has a finding, too.
 *
 * @throws {FolderError}
 */
export async function* verifyFolder(
  set: Pick<PulledSet, 'documents'>,
  dir: string,
): AsyncGenerator<{ path: string; finding: Finding }, void> {
  for (const document of set.documents()) {
    yield { path: document.path, finding: await onFolder(() => compareFile(join(dir, document.path), document)) };
    const beside = document.path.replace(/\.(pdf|tif)$/, '.json');
    if (!(await onFolder(() => isThere(join(dir, beside))))) yield { path: beside, finding: 'taken_away' };
  }
}
