import { plainAddress } from './mail-settings.js';

/** The payload of an outbox item of the kind `mail`. */
export type MailMessage = {
  to: string;
  subject: string;
  text: string;
  html: string;
  /** Where the recipient can unsubscribe from this kind of mail. */
  unsubscribeUrl?: string;
  /** Text files, which arrive byte for byte. */
  files?: readonly TextFile[];
};

export type TextFile = { name: string; text: string };

type Paragraph = string | readonly string[];

export type MailParts = {
  to: string;
  /** A BCP 47 tag. */
  language: string;
  subject: string;
  /** Shown before the button. An array in it is a list. */
  paragraphs: readonly Paragraph[];
  button?: { text: string; url: string };
  after?: readonly string[];
  /** The sender and a contact. */
  signature: string;
  /** The address in the signature, which becomes a link. */
  contact?: string;
  /** Shown small below everything else, and set in the mail's headers. */
  unsubscribe?: { text: string; url: string };
  files?: readonly TextFile[];
};

/**
 * Builds a mail as text and HTML of the same sentences, in one layout. Names come from people, so every text loses
 * line breaks and control characters before it can become a header, and markup is escaped. Opening the mail loads
 * nothing. Mail programs know neither style sheets nor flexible boxes, so the layout is of tables with inline styles.
 */
export function composeMail(parts: MailParts): MailMessage {
  const { to, language, subject, paragraphs, button, after = [], signature, contact, unsubscribe, files = [] } = parts;
  if (to !== oneLine(to) || /[,;<>]/.test(to)) throw new Error('the recipient is not one plain address');
  const text = [
    ...paragraphs.map((it) =>
      typeof it === 'string' ? oneLine(it) : it.map((line) => `- ${oneLine(line)}`).join('\n'),
    ),
    ...(button ? [`${button.text}:\n${button.url}`] : []),
    ...after.map(oneLine),
    `-- \n${oneLine(signature)}`,
    ...(unsubscribe ? [`${oneLine(unsubscribe.text)}:\n${unsubscribe.url}`] : []),
  ];
  const [first, ...others] = paragraphs;
  const line = (look: string, content: string) => `<p style="${look}">${content}</p>`;
  const paragraph = (it: Paragraph, look: string) =>
    typeof it === 'string'
      ? line(look, escape(it))
      : `<ul style="${style.list}">${it.map((item) => `<li style="${style.item}">${escape(item)}</li>`).join('')}</ul>`;
  const content = [
    ...(first === undefined ? [] : [paragraph(first, style.first)]),
    ...others.map((it) => paragraph(it, style.text)),
    ...(button
      ? [
          `<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="${style.buttonTable}"><tr><td style="${style.buttonCell}"><a href="${escape(button.url)}" style="${style.button}">${escape(button.text)}</a></td></tr></table>`,
        ]
      : []),
    ...after.map((it) => line(style.after, escape(it))),
  ];
  const foot = [
    line(style.small, withContact(escape(signature), contact)),
    ...(unsubscribe
      ? [
          line(
            style.small,
            `<a href="${escape(unsubscribe.url)}" style="${style.quietLink}">${escape(unsubscribe.text)}</a>`,
          ),
        ]
      : []),
  ];
  const title = headerLine(subject);
  return {
    to,
    subject: title,
    text: `${text.join('\n\n')}\n`,
    html: `<!doctype html><html lang="${escape(language)}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light"><title>${escape(title)}</title></head><body style="${style.body}">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="${style.ground}"><tr><td align="center" style="${style.around}">
<table role="presentation" width="600" cellpadding="0" cellspacing="0" border="0" style="${style.sheet}">
<tr><td style="${style.content}">${content.join('\n')}</td></tr>
<tr><td style="${style.foot}">${foot.join('\n')}</td></tr>
</table>
</td></tr></table></body></html>`,
    ...(unsubscribe ? { unsubscribeUrl: unsubscribe.url } : {}),
    ...(files.length > 0 ? { files } : {}),
  };
}

/** @param escaped a text in which the address stands as it is */
const withContact = (escaped: string, contact: string | undefined): string =>
  contact === undefined || !plainAddress.test(contact)
    ? escaped
    : escaped.replace(
        escape(contact),
        () => `<a href="mailto:${escape(contact)}" style="${style.quietLink}">${escape(contact)}</a>`,
      );

/**
 * Adds the ISV's logo or name, and its color, to the HTML of a mail composed here; other HTML stays unchanged.
 *
 * @param brand `color` is one that `colorProblem` accepts; `logo` is the source of an attached image, so nothing is
 *   loaded
 */
export function inBrand(
  html: string,
  brand: { name: string; color?: string | undefined; logo?: string | undefined },
): string {
  const { name, color = defaultColor, logo } = brand;
  const head =
    logo === undefined
      ? `<p style="${style.name};color:${color}">${escape(name)}</p>`
      : `<img src="${logo}" alt="${escape(name)}" style="${style.logo}">`;
  const sheet = `style="${style.sheet}">\n`;
  return [style.sheet, style.buttonCell]
    .reduce((made, look) => made.replaceAll(`style="${look}"`, `style="${look.replace(defaultColor, color)}"`), html)
    .replace(sheet.replace(defaultColor, color), (it) => `${it}<tr><td style="${style.head}">${head}</td></tr>\n`);
}

/** The color of the pages without ISV_COLOR. */
const defaultColor = '#14566b';
const font = 'Arial,Helvetica,sans-serif';
const wrap = 'word-break:break-word;overflow-wrap:anywhere';
const style = {
  body: 'margin:0;padding:0;background:#f3f5f7',
  ground: 'background:#f3f5f7',
  around: 'padding:24px 8px',
  sheet: `width:100%;max-width:600px;table-layout:fixed;background:#ffffff;border:1px solid #dce1e6;border-top:4px solid ${defaultColor}`,
  head: 'padding:20px 24px 0',
  content: 'padding:24px 24px 8px',
  foot: 'padding:16px 24px;border-top:1px solid #dce1e6',
  first: `margin:0 0 16px;font:18px/26px ${font};color:#1b2530;${wrap}`,
  text: `margin:0 0 16px;font:16px/24px ${font};color:#1b2530;${wrap}`,
  list: 'margin:0 0 16px;padding:0 0 0 20px',
  item: `margin:0 0 4px;font:16px/24px ${font};color:#1b2530;${wrap}`,
  after: `margin:0 0 12px;font:15px/22px ${font};color:#55606d;${wrap}`,
  name: `margin:0;font:bold 20px/28px ${font};${wrap}`,
  buttonTable: 'margin:8px 0 24px',
  buttonCell: `background:${defaultColor};border-radius:6px`,
  button: `display:inline-block;padding:12px 24px;font:bold 16px/24px ${font};color:#ffffff;text-decoration:none`,
  logo: 'display:block;height:40px;width:auto;max-width:224px;border:0',
  quietLink: 'color:#55606d',
  small: `margin:0 0 8px;font:14px/20px ${font};color:#55606d;${wrap}`,
} as const;

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** The beginning of a text, cut between characters as people see them. */
function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  let end = 0;
  for (const { index, segment } of graphemes.segment(text)) {
    if (index + segment.length > most - 1) break;
    end = index + segment.length;
  }
  return `${text.slice(0, end).trimEnd()}…`;
}

/** The name of a clinic in a subject: a long one leaves room for what happened. */
export const shortName = (name: string): string => cut(oneLine(name), 60);

const FIRST_STRONG_ISOLATE = '\u2068';
const POP_DIRECTIONAL_ISOLATE = '\u2069';

/** A subject, whose cut ends no name's isolation in the middle. */
function headerLine(subject: string): string {
  const short = cut(oneLine(subject), 190);
  const open = short.split(FIRST_STRONG_ISOLATE).length - short.split(POP_DIRECTIONAL_ISOLATE).length;
  return short + POP_DIRECTIONAL_ISOLATE.repeat(Math.min(Math.max(open, 0), 10));
}

/** Replaces control characters and all kinds of line breaks with spaces. */
export const oneLine = (text: string): string => text.replace(/[\p{Cc}\p{Zl}\p{Zp} ]+/gu, ' ').trim();

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escape = (text: string): string => oneLine(text).replace(/[&<>"']/g, (character) => entities[character] ?? '');
