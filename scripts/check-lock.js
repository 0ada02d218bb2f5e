/**
 * Checks what a clean install needs from package.json and package-lock.json: exact versions, an integrity hash for each
 * package, no registry address (each installation uses its own registry), and agreement of both files.
 *
 * Usage: node scripts/check-lock.js [folder]
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const exact = /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/;
const kinds = ['dependencies', 'devDependencies', 'optionalDependencies'];

function lockProblems(manifest, lock) {
  const problems = [];
  for (const kind of kinds) {
    const wanted = manifest[kind] ?? {};
    const locked = lock.packages['']?.[kind] ?? {};
    for (const name of new Set([...Object.keys(wanted), ...Object.keys(locked)])) {
      const installed = lock.packages[`node_modules/${name}`]?.version;
      if (wanted[name] !== locked[name])
        problems.push(`${kind}: ${name} differs between package.json and the lock file`);
      else if (!exact.test(wanted[name])) problems.push(`${kind}: ${name} is not pinned to one version`);
      else if (installed !== wanted[name]) problems.push(`${kind}: the lock file holds another version of ${name}`);
    }
  }
  for (const [name, version] of Object.entries(manifest.overrides ?? {}))
    if (!exact.test(version)) problems.push(`overrides: ${name} is not pinned to one version`);
  for (const [path, { resolved, integrity, link }] of Object.entries(lock.packages)) {
    if (path === '') continue;
    if (resolved !== undefined && !link) problems.push(`${path} holds an address`);
    if (integrity === undefined && !link) problems.push(`${path} has no integrity hash`);
  }
  return problems;
}

const folder = process.argv[2] ?? '.';
const read = (name) => JSON.parse(readFileSync(join(folder, name), 'utf8'));
const problems = lockProblems(read('package.json'), read('package-lock.json'));
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
