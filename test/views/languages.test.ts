import { languages } from '../../src/texts/languages.js';
import { english, textsIn } from '../../src/texts/texts.js';

type Saying = (...facts: unknown[]) => unknown;

/** The texts and functions of a catalog by their path; list entries by their index. */
function entriesOf(value: unknown, path = ''): [string, string | Saying][] {
  if (typeof value === 'string' || typeof value === 'function') return [[path, value as string | Saying]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => entriesOf(inner, path === '' ? key : `${path}.${key}`));
}

/** A fact that leaves a recognizable mark wherever a text uses it or one of its members. */
const fact = (name: string): unknown =>
  new Proxy(() => `«${name}»`, {
    get: (_target, key) =>
      key === Symbol.toPrimitive || key === 'toString' ? () => `«${name}»` : `«${name}.${String(key)}»`,
  });
const facts = ['a', 'b', 'c'].map(fact);

/** Everything a function returns, as one text. */
function said(saying: Saying, given: unknown[]): string {
  const answer = saying(...given);
  if (typeof answer === 'function') return String((answer as () => unknown)());
  return entriesOf(answer)
    .map(([, text]) => text as string)
    .join('\n');
}

const textOf = (entry: string | Saying) => (typeof entry === 'string' ? entry : said(entry, facts));
const marksOf = (text: string) => [...new Set(text.match(/«[^»]+»/g))].sort();
const inEnglish = new Map(entriesOf(english));

/** Texts that are the same in both languages: names, codes and shared words. */
const alike: Record<string, string[]> = {
  es: [
    'account.roles.auditor',
    'api.errorPage.owners.isv',
    'api.errorPage.owners.ringcentral',
    ...['edge', 'opera', 'samsung', 'firefox', 'chrome', 'safari'].map((name) => `account.sessions.browsers.${name}`),
    ...['android', 'windows', 'chromeos', 'linux'].map((name) => `account.sessions.systems.${name}`),
    'common.errorPrefix',
    'common.navItems.webhooks',
    'staff.offboarding.tombstone.id',
    'connections.fix.clientId',
    'connections.next.mail',
    'guide.permissions.list.0.name', // RingCentral's own names
    'guide.permissions.list.1.name',
    'guide.jwt.clientId',
    'guide.jwt.label',
    'staff.owners.ringcentral',
    'staff.tenant.checks.verdicts.refused',
    ...['title', 'form.url', 'one.url', 'delivery.id', 'delivery.milliseconds'].map((name) => `webhooks.${name}`),
  ],
};

describe.each(languages.filter((language) => language !== 'en'))('the catalogue "%s"', (language) => {
  const entries = entriesOf(textsIn(language));

  it('names its language', () => {
    expect(textsIn(language).common.lang).toBe(language);
  });

  it('contains nothing in English', () => {
    const same = entries.filter(
      ([path, entry]) => inEnglish.has(path) && textOf(entry) === textOf(inEnglish.get(path) ?? '') && textOf(entry),
    );
    expect(same.map(([path]) => path).filter((path) => !alike[language]?.includes(path))).toEqual([]);
  });

  it('has a text wherever English has one', () => {
    expect(entries.filter(([path, entry]) => !textOf(entry) && textOf(inEnglish.get(path) ?? ''))).toEqual([]);
  });

  it('uses the same facts as English', () => {
    const sayings = entries.filter((entry): entry is [string, Saying] => typeof entry[1] === 'function');
    expect(sayings.length).toBeGreaterThan(60);
    for (const [path, saying] of sayings)
      expect([path, marksOf(textOf(saying))]).toEqual([path, marksOf(textOf(inEnglish.get(path) ?? ''))]);
  });

  it('has a singular form wherever English has one', () => {
    const counted = (saying: Saying, count: number) =>
      said(saying, [count, count, count]).replaceAll(String(count), '#');
    const differs = (saying: Saying) => {
      try {
        return counted(saying, 1) !== counted(saying, 3);
      } catch {
        return false; // it accepts no number
      }
    };
    const plural = entries.filter(([path]) => {
      const saying = inEnglish.get(path);
      return typeof saying === 'function' && differs(saying);
    });
    expect(plural.length).toBeGreaterThan(1);
    for (const [path, saying] of plural) expect([path, differs(saying as Saying)]).toEqual([path, true]);
  });

  it('refers to buttons and pages by their own labels', () => {
    const all = entries.map(([, entry]) => textOf(entry)).join('\n');
    const { connections, staff } = textsIn(language);
    // The steps mention them, and a wrong name would send the reader looking for a button that does not exist.
    expect(all.split(connections.checkAgain).length).toBeGreaterThan(5);
    expect(textOf(connections.causes.no_fax_line.steps as Saying)).toContain(connections.lines.save);
    expect(staff.tenant.fix.end).toContain(connections.title);
  });

  it('uses the same names for the RingCentral console as English', () => {
    const labels = [
      'Only specific apps of my choice',
      'Add app',
      'Create JWT',
      'Developer Portal Access',
      'Third Party Apps Access',
      'Enter client ID',
      'Expiration date (UTC)',
      'Organization',
      'Credentials',
      'App name',
      'Label',
    ];
    // In English, `Credentials` also begins one of our own sentences, so check only that it is present.
    const { guide, connections } = textsIn(language);
    const all = [...entriesOf(guide), ...entriesOf(connections.causes)].map(([, entry]) => textOf(entry)).join('\n');
    expect(labels.filter((label) => !all.includes(label))).toEqual([]);
  });
});
