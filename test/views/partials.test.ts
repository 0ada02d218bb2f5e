import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { render, root } from './render.js';

/** Normalizes an element: whitespace, attribute order and our own additions do not count. */
function normal(html: string): string {
  return html
    .replace(/<(\w+)((?:\s+[\w-]+(?:="[^"]*")?)*)\s*>/g, (_tag, name: string, attributes: string) => {
      const ours =
        name === 'textarea' ? /^(data-\w+|autocomplete|autocapitalize|spellcheck)=/ : /^data-(module|label)=/;
      const kept = (attributes.match(/[\w-]+(?:="[^"]*")?/g) ?? []).filter((it) => !ours.test(it));
      return `<${[name, ...kept.sort()].join(' ')}>`;
    })
    .replace(/<div class="cell">(.*?)<\/div>/gs, '$1')
    .replace(/&#34;/g, '&quot;')
    .replace(/\s+/g, ' ')
    .replace(/ ?(<[^>]+>) ?/g, '$1')
    .trim();
}

/** The package's options, as far as we use them. */
type Text = { text: string; isPageHeading?: boolean; format?: string };
type Item = Text & { id?: string; name?: string; value: string; hint?: Text; checked?: boolean };
type Row = {
  key: Text;
  value: Text;
  actions?: { items?: { href: string; text: string; visuallyHiddenText?: string }[] };
};
type Common = { name: string; id?: string; idPrefix?: string; text?: string; href?: string; value?: string };
type Fields = { label: Text; hint?: Text; errorMessage?: Text; classes?: string };
type Choices = { fieldset: { legend: Text }; formGroup?: { classes: string }; items: Item[] };
type Lists = { errorList: object[]; caption: string; head: Text[]; firstCellIsHeader?: boolean };
type Options = Common & Fields & Choices & Lists & { rows: unknown; summaryText: string; open?: boolean };
type Fixture = { name: string; options: Options; html: string };
const fixture = (component: string, name: string): Fixture => {
  const file = join(root, 'node_modules/govuk-frontend/dist/govuk/components', component, 'fixtures.json');
  const { fixtures } = JSON.parse(readFileSync(file, 'utf8')) as { fixtures: Fixture[] };
  const found = fixtures.find((it) => it.name === name);
  if (!found) throw new Error(`govuk-frontend has no ${component} "${name}"`);
  return found;
};

const field = ({ label, hint, errorMessage, classes, ...rest }: Options) => ({
  ...rest,
  label: label.text,
  labelIsHeading: label.isPageHeading,
  hint: hint?.text,
  error: errorMessage?.text,
  width: /input--width-(\d+)/.exec(classes ?? '')?.[1],
});
const select = (given: Options) => ({ ...field(given), id: given.id, items: given.items });
const pasteField = (given: Options) => ({ ...field(given), id: given.id ?? given.name });
const choices = ({ name, idPrefix, fieldset, formGroup, hint, errorMessage, items, classes }: Options) => ({
  name,
  id: idPrefix,
  legend: fieldset.legend.text,
  legendIsHeading: fieldset.legend.isPageHeading,
  hint: hint?.text,
  error: errorMessage?.text,
  small: `${classes ?? ''} ${formGroup?.classes ?? ''}`.includes('--small'),
  items: items.map((item) => ({ ...item, hint: item.hint?.text })),
});
const button = ({ text, href, name, value, classes }: Options) => ({
  text,
  href,
  name,
  value,
  variant: /button--(\w+)/.exec(classes ?? '')?.[1],
});
const summary = ({ errorList }: Options) => ({ errors: errorList });
const list = ({ rows }: Options) => ({
  rows: (rows as Row[]).map((row) => {
    const action = row.actions?.items?.[0];
    return {
      key: row.key.text,
      value: row.value.text,
      action: action && { href: action.href, text: action.text, hidden: action.visuallyHiddenText },
    };
  }),
});
const table = ({ caption, head, rows, firstCellIsHeader }: Options) => ({
  caption,
  head: head.map((it) => ({ text: it.text, numeric: it.format === 'numeric' })),
  rows: (rows as Text[][]).map((row) => row.map((cell) => cell.text)),
  firstCellIsHeader: firstCellIsHeader ?? false,
});
const details = ({ summaryText, text, id, open }: Options) => ({ summary: summaryText, text, id, open });
const asIs = ({ text, href }: Options) => ({ text, href });

describe('partials render the HTML that govuk-frontend documents', () => {
  it.each([
    ['form/text-input', 'input', 'default', field],
    ['form/text-input', 'input', 'with hint text', field],
    ['form/text-input', 'input', 'with error message', field],
    ['form/text-input', 'input', 'with error and hint', field],
    ['form/text-input', 'input', 'with width-10 class', field],
    ['form/text-input', 'input', 'with label as page heading', field],
    ['form/text-input', 'input', 'value', field],
    ['form/text-input', 'input', 'custom type', field],
    ['form/text-input', 'input', 'inputmode', field],
    ['form/text-input', 'input', 'with autocomplete attribute', field],
    ['form/text-input', 'input', 'with spellcheck disabled', field],
    ['form/text-input', 'input', 'with autocapitalize turned off', field],
    ['form/textarea', 'textarea', 'default', pasteField],
    ['form/textarea', 'textarea', 'with hint', pasteField],
    ['form/textarea', 'textarea', 'with error message', pasteField],
    ['form/textarea', 'textarea', 'with hint and error message', pasteField],
    ['form/textarea', 'textarea', 'with label as page heading', pasteField],
    ['form/textarea', 'textarea', 'with custom rows', pasteField],
    ['form/textarea', 'textarea', 'with spellcheck disabled', pasteField],
    ['form/file-input', 'file-upload', 'default', field],
    ['form/file-input', 'file-upload', 'with hint text', field],
    ['form/file-input', 'file-upload', 'with error message and hint', field],
    ['form/radios', 'radios', 'default', choices],
    ['form/radios', 'radios', 'with hint', choices],
    ['form/radios', 'radios', 'with hints on items', choices],
    ['form/radios', 'radios', 'small', choices],
    ['form/checkboxes', 'checkboxes', 'default', choices],
    ['form/checkboxes', 'checkboxes', 'with hint', choices],
    ['form/checkboxes', 'checkboxes', 'with error message', choices],
    ['form/checkboxes', 'checkboxes', 'small', choices],
    ['form/button', 'button', 'default', button],
    ['form/button', 'button', 'secondary', button],
    ['form/button', 'button', 'link', button],
    ['form/button', 'button', 'value', button],
    ['form/error-summary', 'error-summary', 'default', summary],
    ['form/error-summary', 'error-summary', 'without links', summary],
    ['form/error-summary', 'error-summary', 'mixed with and without links', summary],
    ['form/checkboxes', 'checkboxes', 'with hints on items', choices],
    ['form/checkboxes', 'checkboxes', 'with legend as a page heading', choices],
    ['table', 'table', 'with head and caption', table],
    ['summary-list', 'summary-list', 'single action with anchor', list],
    ['details', 'details', 'default', details],
    ['details', 'details', 'id', details],
    ['notification', 'notification-banner', 'default', (given) => ({ ...asIs(given), title: 'Important' })],
    ['form/select', 'select', 'id', select],
    ['form/select', 'select', 'error', select],
    ['inset', 'inset-text', 'default', asIs],
    ['warning', 'warning-text', 'default', asIs],
    ['back-link', 'back-link', 'with custom text and link', asIs],
  ])('%s: %s "%s"', async (partial, component, name, options) => {
    const { options: given, html } = fixture(component, name);
    const ours = await render(`partials/${partial}`, options(given));
    expect(normal(ours.replaceAll(/<\/?bdi>/g, ''))).toBe(normal(html)); // ours isolates the direction of names
  });
});

describe('the paste field', () => {
  const pasted = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl';

  it('SEC-15: turns off autocomplete, spell check and capitalization, and sets no maximum length', async () => {
    const html = await render('partials/form/textarea', { name: 'assertion', label: 'Paste the JWT' });
    expect(html).toContain('spellcheck="false" autocomplete="off" autocapitalize="off"');
    expect(html).not.toContain('maxlength');
  });

  it('SEC-15: never shows a pasted value', async () => {
    const html = await render('partials/form/textarea', {
      name: 'assertion',
      label: 'Paste',
      value: pasted,
      error: 'Cut off.',
    });
    expect(html).not.toContain(pasted);
    expect(html).toContain('></textarea>');
  });

  it('never shows a password either', async () => {
    const html = await render('partials/form/text-input', {
      name: 'password',
      label: 'Password',
      type: 'password',
      value: 'x1y2',
    });
    expect(html).not.toContain('x1y2');
  });
});

describe('partials of our own', () => {
  it('mark the selected option', async () => {
    const items = [
      { value: 'a', text: 'A' },
      { value: 'b', text: 'B', checked: true },
    ];
    const html = await render('partials/form/checkboxes', { name: 'line', legend: 'Fax lines', items });
    expect(html.match(/ checked/g)).toHaveLength(1);
    expect(html).toMatch(/value="b" checked/);
    const choices = [items[0], { value: 'b', text: 'B', selected: true }];
    const select = await render('partials/form/select', { name: 'zone', label: 'Time zone', items: choices });
    expect(select.match(/<option [^>]*>/g)).toEqual(['<option value="a">', '<option value="b" selected>']);
  });

  it('show no summary without errors, and the first error’s code for programs', async () => {
    expect((await render('partials/form/error-summary', { errors: [] })).trim()).toBe('');
    const errors = [{ text: 'The JWT is cut off.', href: '#assertion' }];
    expect(await render('partials/form/error-summary', { errors, code: 'truncated' })).toContain(
      'data-code="truncated"',
    );
  });

  it('say that a link opens a new tab, and give that tab no access to this page', async () => {
    const html = await render('partials/form/button', { text: 'Open', href: 'https://example.org/', newTab: true });
    expect(html).toContain('(opens in a new tab)');
    expect(html).toContain('target="_blank" rel="noopener noreferrer"');
  });

  it('hide the copy button until the script runs', async () => {
    const html = await render('partials/copy', { id: 'client-id', label: 'Client ID', value: 'abc' });
    expect(html).toMatch(/<button[^>]* hidden>/);
    expect(html).toMatch(/<textarea[^>]* readonly/);
  });

  it('render names, links, badges, times and one-button forms as separate cells of a table', async () => {
    const html = await render('partials/table', {
      caption: 'People',
      head: ['Name', 'State', 'Last seen', ''],
      rows: [
        [
          { text: '<b>Ann</b>', href: '/people/1' },
          { badge: { state: 'healthy', text: 'Working' } },
          { time: { iso: '2026-11-21T14:05:00Z', text: '2 hours ago' } },
          { action: { text: 'Remove', hidden: 'Ann', post: '/people/1/removal', fields: { version: '3' } } },
        ],
      ],
    });
    expect(html).toContain('&lt;b&gt;Ann&lt;/b&gt;');
    expect(html).toContain('data-label="State"');
    expect(html).toContain('<span class="badge badge--healthy">Working</span>');
    expect(html).toContain('<time datetime="2026-11-21T14:05:00Z">');
    expect(html).toContain('<input type="hidden" name="_csrf" value="csrf-token-of-a-test">');
    expect(html).toContain('<input type="hidden" name="version" value="3">');
  });
});

it('a text and its time are not written as one word', async () => {
  const content = { text: 'Yes', time: { iso: '2026-11-30T04:37:00.000Z', text: '14 hours ago' } };
  const html = await render('partials/content', { content });
  expect(html.replace(/<[^>]+>/g, '').trim()).toBe('Yes, 14 hours ago');
});
