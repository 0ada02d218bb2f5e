import { english } from '../../src/texts/texts.js';
import { allViews } from './render.js';

const views = allViews().map(({ path, source }) => [path, source] as const);

/** The text of a view without comments, EJS and tags: the letters a person would read. */
function literalText(source: string): string {
  const withoutEjs = source.replace(/<%[\s\S]*?%>/g, '');
  // Attributes that are shown or read aloud count as text too.
  const attributes = [...withoutEjs.matchAll(/\s(?:alt|title|placeholder|aria-label|label|value)="([^"]*)"/g)];
  return [withoutEjs.replace(/<[^>]*>/g, ''), ...attributes.map((it) => it[1])].join(' ');
}

/** A single call of `include` with a literal name and nothing after it. */
function isOneInclude(code: string): boolean {
  if (!/^include\('[^']+'[,)]/.test(code)) return false;
  let depth = 0;
  for (let index = 0; index < code.length; index += 1) {
    if (code[index] === '(') depth += 1;
    if (code[index] === ')' && (depth -= 1) === 0) return index === code.length - 1;
  }
  return false;
}

/** Only letters: entities, dashes and dots between texts are markup. */
const letters = (text: string): string => text.replace(/&\w+;/g, '').replace(/[^\p{L}]/gu, '');

/** `t.a.b.c` as views write it; a call or an index ends the path. */
const pathsOf = (source: string): string[] =>
  [...source.matchAll(/\bt((?:\.[A-Za-z_]\w*)+)/g)].map((it) => it[1]!.slice(1));

function inCatalogue(path: string): boolean {
  let value: unknown = english;
  for (const key of path.split('.')) {
    if (typeof value === 'string' || typeof value === 'function') return true; // a method of the text
    if (typeof value !== 'object' || value === null || !(key in value)) return false;
    value = (value as Record<string, unknown>)[key];
  }
  return true;
}

describe('every view', () => {
  it.each(views)('SEC-16: %s outputs unescaped HTML only from other views', (_path, source) => {
    const unescaped = [...source.matchAll(/<%-([\s\S]*?)-?%>/g)].map((it) => it[1]!.trim());
    expect(unescaped.filter((code) => !isOneInclude(code))).toEqual([]);
  });

  it.each(views)('%s contains no text; all texts are in the catalog', (_path, source) => {
    expect(letters(literalText(source))).toBe('');
  });

  it.each(views)('%s uses only texts that exist in the catalog', (_path, source) => {
    expect(pathsOf(source).filter((path) => !inCatalogue(path))).toEqual([]);
  });

  it.each(views)('SEC-14: %s has no inline style, script or event handler', (_path, source) => {
    const html = source.replace(/<%[\s\S]*?%>/g, '');
    expect(html).not.toMatch(/\sstyle=|<style|\son\w+=|javascript:/i);
    for (const script of html.match(/<script[^>]*>[\s\S]*?<\/script>/g) ?? []) {
      expect(script).toMatch(/^<script type="module" src="[^"]*"><\/script>$/);
    }
  });

  it.each(views)('SEC-14: %s loads nothing from another host', (_path, source) => {
    expect(source).not.toMatch(/(?:src|href|action)="(?:https?:)?\/\//);
  });

  it.each(views)('%s decides only on `page` and calls no functions', (_path, source) => {
    expect(source).not.toMatch(/\b(process|require|globalThis)\b/);
  });
});

describe('these tests', () => {
  it('find literal text, including text beside EJS and in attributes', () => {
    expect(letters(literalText('<p><%= page.name %> is here</p>'))).toBe('ishere');
    expect(letters(literalText('<img alt="A clinic" src="/x.svg">'))).toBe('Aclinic');
    expect(letters(literalText('<p class="govuk-body"><%= page.name %> – &nbsp;</p>'))).toBe('');
  });

  it('accept an include, and no other code combined with one', () => {
    expect(isOneInclude("include('../partials/form/csrf')")).toBe(true);
    expect(isOneInclude("include('a', { text: f(x) })")).toBe(true);
    expect(isOneInclude("include('a') + page.html")).toBe(false);
    expect(isOneInclude("include('a') + f(page.html)")).toBe(false);
    expect(isOneInclude('page.html')).toBe(false);
  });

  it('find missing texts', () => {
    expect(inCatalogue('common.signOut')).toBe(true);
    expect(inCatalogue('common.helpFrom')).toBe(true);
    expect(inCatalogue('common.nothingOfTheKind')).toBe(false);
  });
});
