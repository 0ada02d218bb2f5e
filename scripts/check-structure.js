/**
 * Checks the structure of the tree: the import rules of .dependency-cruiser.js, no circle between folders at any depth,
 * at most 15 files per folder, at most 300 lines per source file, and 120 in the list of capabilities.
 *
 * Usage: node scripts/check-structure.js
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cruise } from 'dependency-cruiser';
import extractOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';
import extractTypeScript from 'dependency-cruiser/config-utl/extract-ts-config';

const MOST_FILES = 15;
const MOST_LINES = 300;
/** Read as a whole by everyone who is new here. */
const MOST_LINES_OF = new Map([['src/portal.ts', 120]]);
process.chdir(fileURLToPath(new URL('..', import.meta.url)));

async function graphOf(/** @type {string} */ folder) {
  const options = await extractOptions('./.dependency-cruiser.js');
  const { output } = await cruise([folder], options, undefined, { tsConfig: extractTypeScript('tsconfig.json') });
  if (typeof output === 'string') throw new Error(output);
  return output;
}

/** @typedef {{ from: string, to: string }} Edge */

/** The files and folders directly in `folder`, and who imports whom; a folder stands for everything in it. */
function unitsOf(/** @type {string} */ folder, /** @type {Edge[]} */ edges) {
  const depth = folder.split('/').length;
  const unitOf = (/** @type {string} */ path) =>
    path.startsWith(`${folder}/`) ? path.split('/', depth + 1).join('/') : undefined;
  /** @type {Map<string, Map<string, Edge>>} */
  const imports = new Map();
  for (const edge of edges) {
    const [from, to] = [unitOf(edge.from), unitOf(edge.to)];
    if (from === undefined || to === undefined || from === to) continue;
    imports.set(from, (imports.get(from) ?? new Map()).set(to, edge));
  }
  return imports;
}

/** The shortest circle among the units of a folder, as the imports that make it. @returns {Edge[] | undefined} */
function circleIn(/** @type {string} */ folder, /** @type {Edge[]} */ edges) {
  const imports = unitsOf(folder, edges);
  const circles = [...imports.keys()].flatMap((start) => {
    /** @type {{ unit: string, path: Edge[] }[]} */
    const queue = [{ unit: start, path: [] }];
    const seen = new Set();
    for (const { unit, path } of queue)
      for (const [to, edge] of imports.get(unit) ?? []) {
        if (to === start) return [[...path, edge]];
        if (!seen.has(to)) queue.push({ unit: to, path: [...path, edge] });
        seen.add(to);
      }
    return [];
  });
  return circles.sort((a, b) => a.length - b.length)[0];
}

const { modules, summary } = await graphOf('src');
const problems = summary.violations.map(
  ({ rule, from, to, cycle }) =>
    `${rule.name}: ${[from, ...(cycle ? cycle.map(({ name }) => name) : [to])].join(' → ')}`,
);
const files = modules.map(({ source }) => source).filter((source) => source.startsWith('src/'));
if (files.length < 100) throw new Error(`only ${files.length} source files were found`);
const edges = modules.flatMap(({ source, dependencies }) =>
  dependencies.map(({ resolved }) => ({ from: source, to: resolved })),
);
for (const folder of new Set(files.flatMap(ancestors))) {
  const circle = circleIn(folder, edges)?.map(({ from, to }) => `${from} → ${to}`);
  if (circle) problems.push(`no-folder-circle in ${folder}: ${circle.join(', ')}`);
}

/** @returns {string[]} */
function ancestors(/** @type {string} */ path) {
  const folder = dirname(path);
  return folder === '.' ? [] : [folder, ...ancestors(folder)];
}

/** Every folder below `root`, itself included. @returns {string[]} */
function foldersIn(/** @type {string} */ root) {
  const below = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [root, ...below.flatMap(({ name }) => foldersIn(join(root, name)))];
}

for (const folder of ['src', 'views', 'test'].flatMap(foldersIn)) {
  const count = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile()).length;
  if (count > MOST_FILES) problems.push(`folder-size: ${folder} holds ${count} files, at most ${MOST_FILES}`);
}
for (const file of files) {
  const lines = readFileSync(file, 'utf8').split('\n').length - 1;
  const most = MOST_LINES_OF.get(file) ?? MOST_LINES;
  if (lines > most) problems.push(`file-size: ${file} has ${lines} lines, at most ${most}`);
}
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
