/** What to type or check; a pattern selects an option by its text. */
export type Fields = Record<string, string | string[] | RegExp>;

/** Matches exactly this text of the catalog, with or without the note that a link opens a new tab. */
export const says = (text: string): RegExp => new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}( \\(|$)`);

/** A page as a browser without JavaScript sees it: its links, its forms, and the data attributes of `main`. */
export class WalkPage {
  constructor(
    readonly url: string,
    readonly status: number,
    readonly html: string,
  ) {}

  /** An attribute of `main`, such as `data-state`; an empty string if it is missing. */
  main(name: string): string {
    return attributesOf(/<main\b[^>]*>/.exec(this.html)?.[0] ?? '')[name] ?? '';
  }

  /** The code in the error summary. */
  get code(): string {
    return /data-code="([^"]*)"/.exec(this.html)?.[1] ?? '';
  }

  get heading(): string {
    return textOf(/<h1\b[^>]*>([^]*?)<\/h1>/.exec(this.html)?.[1] ?? '');
  }

  get text(): string {
    return textOf(this.html.replace(/<(script|style|head)\b[^]*?<\/\1>/g, ' '));
  }

  /** The address of the link with this text. */
  link(named: RegExp): string {
    const found = this.links().find(({ text }) => named.test(text));
    if (!found) throw new Error(`${this.describe()} has no link ${String(named)}`);
    return found.href;
  }

  links(): { text: string; href: string }[] {
    return [...this.html.matchAll(/<a\b([^>]*)>([^]*?)<\/a>/g)].flatMap(([, tag = '', inner = '']) => {
      const { href } = attributesOf(tag);
      return href === undefined ? [] : [{ text: textOf(inner), href: new URL(href, this.url).href }];
    });
  }

  /** The address of the first link in the table row that contains this text. */
  linkInRow(saying: string): string | undefined {
    for (const [row] of this.html.matchAll(/<tr\b[^>]*>[^]*?<\/tr>/g))
      if (textOf(row).includes(saying)) return new WalkPage(this.url, this.status, row).links()[0]?.href;
    return undefined;
  }

  /** The form with a button of this text as it would be submitted, with hidden and filled-in fields. */
  form(button: RegExp): WalkForm {
    for (const [, tag = '', inner = ''] of this.html.matchAll(/<form\b([^>]*)>([^]*?)<\/form>/g)) {
      const pressed = buttonsOf(inner).find(({ text }) => button.test(text));
      if (pressed) return readForm(this, tag, inner, pressed);
    }
    throw new Error(`${this.describe()} has no form with a button ${String(button)}`);
  }

  hasForm(button: RegExp): boolean {
    return [...this.html.matchAll(/<form\b[^>]*>([^]*?)<\/form>/g)].some(([, inner = '']) =>
      buttonsOf(inner).some(({ text }) => button.test(text)),
    );
  }

  /** The value of a field by its id; read-only fields hold texts to copy. */
  valueOf(id: string): string {
    for (const [, tag = ''] of this.html.matchAll(/<input\b([^>]*)>/g)) {
      const attributes = attributesOf(tag);
      if (attributes['id'] === id) return attributes['value'] ?? '';
    }
    for (const [, tag = '', inner = ''] of this.html.matchAll(/<textarea\b([^>]*)>([^]*?)<\/textarea>/g))
      if (attributesOf(tag)['id'] === id) return decode(inner.replace(/^\n/, ''));
    throw new Error(`${this.describe()} has no field ${id}`);
  }

  describe(): string {
    return `the page ${new URL(this.url).pathname.replace(/[\w-]{40,}/g, '…')} (${this.status}, "${this.heading}")`;
  }
}

/** A form that is about to be submitted. */
export type WalkForm = {
  action: string;
  method: string;
  /** The values submitted without any changes, including the pressed button. */
  values: URLSearchParams;
  /** The names of all fields that can be filled in. */
  names: string[];
  /** The options of each select: text and value. */
  options: Record<string, { text: string; value: string }[]>;
};

type Button = { text: string; name: string | undefined; value: string };

function readForm(page: WalkPage, tag: string, inner: string, pressed: Button): WalkForm {
  const { action = page.url, method = 'get' } = attributesOf(tag);
  const form: WalkForm = {
    action: new URL(action, page.url).href,
    method: method.toLowerCase(),
    values: new URLSearchParams(),
    names: [],
    options: {},
  };
  for (const [, inputTag = ''] of inner.matchAll(/<input\b([^>]*)>/g)) {
    const { name, value, type = 'text', ...rest } = attributesOf(inputTag);
    if (name === undefined || 'disabled' in rest) continue;
    form.names.push(name);
    const isBox = type === 'checkbox' || type === 'radio';
    if (!isBox || 'checked' in rest) form.values.append(name, value ?? (isBox ? 'on' : ''));
  }
  for (const [, areaTag = '', text = ''] of inner.matchAll(/<textarea\b([^>]*)>([^]*?)<\/textarea>/g)) {
    const { name } = attributesOf(areaTag);
    if (name === undefined) continue;
    form.names.push(name);
    form.values.append(name, decode(text.replace(/^\n/, '')));
  }
  for (const [, selectTag = '', body = ''] of inner.matchAll(/<select\b([^>]*)>([^]*?)<\/select>/g)) {
    const { name } = attributesOf(selectTag);
    if (name === undefined) continue;
    const options = optionsOf(body);
    form.names.push(name);
    form.options[name] = options;
    form.values.append(name, (options.find(({ selected }) => selected) ?? options[0])?.value ?? '');
  }
  if (pressed.name !== undefined) form.values.append(pressed.name, pressed.value);
  return form;
}

/** Applies the given fields to the form. In a select, a pattern chooses the option with a matching text. */
export function fillIn(form: WalkForm, fields: Fields): URLSearchParams {
  const values = new URLSearchParams(form.values);
  for (const [name, wanted] of Object.entries(fields)) {
    if (!form.names.includes(name))
      throw new Error(`the form of ${new URL(form.action).pathname} has no field ${name}`);
    values.delete(name);
    if (wanted instanceof RegExp) {
      const option = form.options[name]?.find(({ text }) => wanted.test(text));
      if (!option) throw new Error(`the field ${name} offers nothing like ${String(wanted)}`);
      values.append(name, option.value);
    } else for (const value of typeof wanted === 'string' ? [wanted] : wanted) values.append(name, value);
  }
  return values;
}

const buttonsOf = (html: string): Button[] =>
  [...html.matchAll(/<button\b([^>]*)>([^]*?)<\/button>/g)].flatMap(([, tag = '', inner = '']) => {
    const { type = 'submit', name, value = '' } = attributesOf(tag);
    return type === 'submit' ? [{ text: textOf(inner), name, value }] : [];
  });

const optionsOf = (html: string) =>
  [...html.matchAll(/<option\b([^>]*)>([^]*?)<\/option>/g)].map(([, tag = '', inner = '']) => {
    const { value, ...rest } = attributesOf(tag);
    return { text: textOf(inner), value: value ?? textOf(inner), selected: 'selected' in rest };
  });

/** Reads attributes. Both template sets quote every value, so other syntax need not be supported. */
const attributesOf = (tag: string): Partial<Record<string, string>> =>
  Object.fromEntries(
    [...tag.matchAll(/\s([\w-]+)(="[^"]*"|)/g)].map(([, name = '', value = '']) => [name, decode(value.slice(2, -1))]),
  );

const textOf = (html: string): string =>
  decode(html.replace(/<[^>]*>/g, ' '))
    .replace(/\s+/g, ' ')
    .trim();

const entities: Partial<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#34': '"', '#39': "'" };
const decode = (text: string): string => text.replace(/&(#?\w+);/g, (whole, name: string) => entities[name] ?? whole);
