import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { configNames, secretNames } from '../../src/config.js';
import { errorCatalogue } from '../../src/ringcentral/catalogue/error-catalogue.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const filesIn = (folder: string, ending: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name))
    .sort();

const documents = [
  ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', 'src/README.md'],
  ...filesIn('docs', '.md'),
];

/** The names of a document's headings in links, as code hosts make them. */
const anchorsOf = (text: string): string[] =>
  [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );

function brokenLinks(path: string): string[] {
  const text = read(path).replaceAll(/```[^]*?```/g, '');
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target = '']) => {
    if (/^https?:/.test(target)) return [];
    const [file = '', anchor] = target.split('#');
    const found = file === '' ? path : normalize(join(dirname(path), file));
    if (!existsSync(join(root, found))) return [target];
    return anchor === undefined || anchorsOf(read(found)).includes(anchor) ? [] : [target];
  });
}

it.each(documents)('every link in %s leads to a file and a heading that exist', (path) => {
  expect(brokenLinks(path)).toEqual([]);
});

/** The paths in backticks that begin with a folder of the repository, seen from its root or from the document. */
function pathsIn(document: string): { written: string; places: string[] }[] {
  const text = read(document).replaceAll(/```[^]*?```/g, '');
  const written = [...text.matchAll(/`([\w.-]+)(\/[\w./-]*)`/g)].map(([, first = '', rest = '']) => first + rest);
  return written.flatMap((path) => {
    const [first = ''] = path.split('/');
    const places = ['', dirname(document)].filter((from) => foldersOf(from).includes(first));
    return places.length === 0 ? [] : [{ written: path, places: places.map((from) => join(from, path)) }];
  });
}

/** The folders of the repository in this folder; not those that programs make. */
const foldersOf = (folder: string): string[] =>
  readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !['data', 'dist', 'node_modules', 'keys', 'secrets'].includes(entry.name))
    .map(({ name }) => name);

it('every path of the repository that a document names in backticks exists', () => {
  const named = documents.flatMap((path) => pathsIn(path).map((named) => ({ path, ...named })));
  expect(named.length).toBeGreaterThan(80);
  const missing = named.filter(({ places }) => !places.some((place) => existsSync(join(root, place))));
  expect(missing.map(({ path, written }) => `${path}: ${written}`)).toEqual([]);
});

it('every npm command that a document names exists', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const named = documents.flatMap((path) =>
    [...read(path).matchAll(/npm run (?:-s )?([\w:]+)/g)].map(([, name]) => name),
  );
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((name) => name === undefined || !(name in scripts))).toEqual([]);
});

it('a document that the code names is a path from the root of the repository', () => {
  const code = ['src', 'test', 'bench', 'scripts'].flatMap((folder) => [
    ...filesIn(folder, '.ts'),
    ...filesIn(folder, '.js'),
  ]);
  const named = [...code, ...filesIn('migrations', '.cjs')].flatMap((path) =>
    [...read(path).matchAll(/[\w./-]+\.md\b/g)].map(([name]) => `${path}: ${name}`),
  );
  const isThere = (line: string) => existsSync(join(root, line.split(': ')[1]?.replace(/^(\.\.?\/)+/, '') ?? ''));
  expect(named.filter((line) => !isThere(line))).toEqual([]);
});

describe('the front page', () => {
  const text = read('README.md');

  it('has at most 90 lines', () => {
    expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(90);
  });

  it('shows two pictures of at most 60 kB each', () => {
    const pictures = [...text.matchAll(/!\[[^\]]+\]\(([^)]+\.png)\)/g)].map(([, path = '']) => path);
    expect(pictures).toHaveLength(2);
    for (const path of pictures) expect(statSync(join(root, path)).size).toBeLessThanOrEqual(60_000);
  });
});

it('the map of the code has at most 110 lines', () => {
  expect(read('src/README.md').trimEnd().split('\n').length).toBeLessThanOrEqual(110);
});

describe('configuration', () => {
  const rows = [...read('docs/configuration.md').matchAll(/^\| `(\w+)`(\*?) \|/gm)].map(
    ([, name = '', star = '']) => name + star,
  );

  it('every name is in its document once, and no other name is', () => {
    expect(rows.map((name) => name.replace('*', '')).sort()).toEqual([...configNames].sort());
  });

  it('a star marks exactly the names that can come from a file', () => {
    expect(rows.filter((name) => name.endsWith('*')).sort()).toEqual(secretNames.map((name) => `${name}*`).sort());
  });
});

it('the facts about RingCentral contain every error code that the portal interprets', () => {
  const facts = read('docs/ringcentral.md');
  const codes = errorCatalogue.flatMap((row) => row.codes);
  expect(codes.length).toBeGreaterThan(40);
  expect(codes.filter((code) => !facts.includes(`\`${code}\``))).toEqual([]);
});

describe('decisions', () => {
  const folder = 'docs/decisions';
  const names = filesIn(folder, '.md').filter((path) => !path.endsWith('README.md'));
  const index = read(`${folder}/README.md`);

  it.each(names)(
    '%s has context, decision, consequences, a reason to revisit, at most 40 lines, and a line of the index',
    (path) => {
      const text = read(path);
      const headings = [...text.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
      expect(headings).toEqual(['Context', 'Decision', 'Consequences', 'Revisit when']);
      expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(40);
      const [, number, title] = /^# (\d{4}) · (.+)$/m.exec(text) ?? [];
      const [, status] = /^\d{4}-\d\d-\d\d · (accepted|superseded by .+)$/m.exec(text) ?? [];
      expect(path.startsWith(`${folder}/${number ?? ''}-`)).toBe(true);
      expect(index).toContain(
        `| [${number ?? ''}](${path.slice(folder.length + 1)}) | ${title ?? ''} | ${status ?? ''} |`,
      );
    },
  );

  it('the numbers go on without a gap', () => {
    const numbers = names.map((path) => Number(path.slice(folder.length + 1, folder.length + 5)));
    expect(numbers).toEqual(numbers.map((_, at) => at + 1));
  });
});

describe('security', () => {
  const rows = new Map(
    [...read('docs/security.md').matchAll(/^\| (SEC-\d\d) \| [^|]+ \| ([^|]+) \|$/gm)].map(([, id = '', held = '']) => [
      id,
      held,
    ]),
  );
  const filesOf = (id: string) => [...(rows.get(id) ?? '').matchAll(/`(test\/[^`]+)`/g)].map(([, path = '']) => path);

  it('lists the lines SEC-01 to SEC-66', () => {
    expect([...rows.keys()]).toEqual(Array.from({ length: 66 }, (_, at) => `SEC-${String(at + 1).padStart(2, '0')}`));
  });

  it('every line names a test file that has its number in a title, or says that there is none yet', () => {
    const wrong = [...rows].flatMap(([id, held]) => {
      const files = filesOf(id);
      if (files.length === 0) return held.startsWith('Not yet') ? [] : [`${id} names no test`];
      return files
        .filter((path) => !existsSync(join(root, path)) || !read(path).includes(id))
        .map((path) => `${id} ${path}`);
    });
    expect(wrong).toEqual([]);
  });

  it('a line that a test title names is not said to have none', () => {
    const tests = filesIn('test', '.test.ts').filter((path) => !path.startsWith('test/docs/'));
    const ids = new Set(tests.flatMap((path) => read(path).match(/SEC-\d\d/g) ?? []));
    expect([...ids].filter((id) => filesOf(id).length === 0)).toEqual([]);
  });
});
