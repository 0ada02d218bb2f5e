import { isolating } from '../../src/texts/isolating.js';
import { textsIn } from '../../src/texts/texts.js';

const hebrew = 'מרפאת צפון 12';
const isolatedHebrew = `\u2068${hebrew}\u2069`;

describe('SEC-65: a text isolates a name in right-to-left letters from the sentence around it', () => {
  it.each([
    ['Hebrew', hebrew],
    ['Arabic', 'عيادة الشمال'],
    ['Thaana', 'ކްލިނިކް'],
    ['both directions', 'North עם Clinic'],
    ['a mark that has no letter', 'North\u200f'],
  ])('%s', (_which, name) => {
    expect(isolating((it: string) => `Remove ${it} (1)`)(name)).toBe(`Remove \u2068${name}\u2069 (1)`);
  });

  it.each(['North Clinic', 'Clínica Sur', '北クリニック', '', '(555) 010-0001'])('leaves "%s" as it is', (name) => {
    expect(isolating((it: string) => `Remove ${it}.`)(name)).toBe(`Remove ${name}.`);
  });

  it('also in a list, in an object and at every depth of a catalog, and leaves numbers, dates and functions', () => {
    const at = new Date(0);
    const make = () => 1;
    const given: unknown[] = [];
    const texts = isolating({ deep: [{ say: (...all: unknown[]) => void given.push(...all) }] });
    texts.deep[0]?.say({ tenant: hebrew, of: [hebrew, 3] }, at, 2, null, undefined, make);
    expect(given).toEqual([{ tenant: isolatedHebrew, of: [isolatedHebrew, 3] }, at, 2, null, undefined, make]);
  });

  it.each(['en', 'es'] as const)('on pages and in mails (%s)', (language) => {
    const { people, mails, staff } = textsIn(language);
    const isv = 'Example Health';
    const sentences = [
      people.removal.title(hebrew),
      people.removal.titleOfStaff('Ann', hebrew),
      people.removal.what(hebrew, 'ann@north.example'),
      staff.invite.title(hebrew),
      mails.failing.subject({ isv, tenant: hebrew, act: 'you' }),
      ...mails.personRemoved.paragraphs({ isv, tenant: hebrew }).slice(0, 1),
      mails.recovered.since({ isv, tenant: hebrew, at: 'x' }),
    ];
    for (const sentence of sentences) expect(sentence).toContain(isolatedHebrew);
  });
});
