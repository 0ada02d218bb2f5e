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

export type MailParts = {
  to: string;
  /** A BCP 47 tag. */
  language: string;
  subject: string;
  /** Shown before the button. */
  paragraphs: readonly string[];
  button?: { text: string; url: string };
  after?: readonly string[];
  /** The sender and a contact. */
  signature: string;
  /** Shown small below everything else, and set in the mail's headers. */
  unsubscribe?: { text: string; url: string };
  files?: readonly TextFile[];
};

/**
 * Builds a mail as text and HTML. Names come from people, so every text loses line breaks and control characters
 * before it can become a header, and markup is escaped. Opening the mail loads nothing.
 */
export function composeMail(parts: MailParts): MailMessage {
  const { to, language, subject, paragraphs, button, after = [], signature, unsubscribe, files = [] } = parts;
  if (to !== oneLine(to) || /[,;<>]/.test(to)) throw new Error('the recipient is not one plain address');
  const text = [
    ...paragraphs.map(oneLine),
    ...(button ? [`${button.text}:\n${button.url}`] : []),
    ...after.map(oneLine),
    `-- \n${oneLine(signature)}`,
    ...(unsubscribe ? [`${oneLine(unsubscribe.text)}:\n${unsubscribe.url}`] : []),
  ];
  const paragraph = (content: string) => `<p style="${style.text}">${content}</p>`;
  const html = [
    ...paragraphs.map((line) => paragraph(escape(line))),
    ...(button
      ? [paragraph(`<a href="${escape(button.url)}" style="${style.button}">${escape(button.text)}</a>`)]
      : []),
    ...after.map((line) => paragraph(escape(line))),
    `<p style="${style.small}">${escape(signature)}</p>`,
    ...(unsubscribe
      ? [`<p style="${style.small}"><a href="${escape(unsubscribe.url)}">${escape(unsubscribe.text)}</a></p>`]
      : []),
  ];
  return {
    to,
    subject: oneLine(subject).slice(0, 200),
    text: `${text.join('\n\n')}\n`,
    html: `<!doctype html><html lang="${escape(language)}"><head><meta charset="utf-8"><title>${escape(oneLine(subject))}</title></head><body style="${style.body}">${html.join('\n')}</body></html>`,
    ...(unsubscribe ? { unsubscribeUrl: unsubscribe.url } : {}),
    ...(files.length > 0 ? { files } : {}),
  };
}

/**
 * Adds the ISV's logo or name, and its color, to the HTML of a mail composed here; other HTML stays unchanged.
 *
 * @param brand `logo` is the source of an attached image, so nothing is loaded
 */
export function inBrand(
  html: string,
  brand: { name: string; color?: string | undefined; logo?: string | undefined },
): string {
  const { name, color = defaultColor, logo } = brand;
  const head =
    logo === undefined
      ? `<p style="${style.name};color:${color}">${escape(name)}</p>`
      : `<p style="${style.text}"><img src="${logo}" alt="${escape(name)}" style="${style.logo}"></p>`;
  return html
    .replaceAll(`style="${style.button}"`, `style="${style.button.replace(defaultColor, color)}"`)
    .replace(`<body style="${style.body}">`, (body) => body + head);
}

/** The color of the pages without ISV_COLOR. */
const defaultColor = '#14566b';
const style = {
  body: 'margin:0;padding:24px;background:#ffffff',
  text: 'margin:0 0 16px;font:16px/24px Arial,sans-serif;color:#0b0c0c;max-width:560px',
  name: 'margin:0 0 24px;font:bold 20px/28px Arial,sans-serif;max-width:560px',
  button: `display:inline-block;padding:12px 20px;background:${defaultColor};color:#ffffff;font-weight:bold;text-decoration:none`,
  logo: 'max-height:40px;max-width:224px;border:0',
  small: 'margin:32px 0 0;font:14px/20px Arial,sans-serif;color:#505a5f;max-width:560px',
} as const;

/** Replaces control characters and all kinds of line breaks with spaces. */
export const oneLine = (text: string): string => text.replace(/[\p{Cc}\p{Zl}\p{Zp} ]+/gu, ' ').trim();

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escape = (text: string): string => oneLine(text).replace(/[&<>"']/g, (character) => entities[character] ?? '');
