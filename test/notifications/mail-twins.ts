import type { MailMessage } from '../../src/platform/mail-message.js';

type Twins = Pick<MailMessage, 'text' | 'html'>;

const entities: Record<string, string> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'" };
const decoded = (html: string) => html.replace(/&(?:amp|lt|gt|quot|#39);/g, (it) => entities[it] ?? it);
const words = (text: string) => text.replace(/\s+/g, ' ').trim();

/** The sentences of a mail's text, without the addresses that stand below the words of a link. */
const sentencesOfText = ({ text }: Twins) =>
  text
    .replaceAll('\n- ', '\n\n- ')
    .split('\n\n')
    .map((part) => words(part.replace(/^-- \n|^- /, '').replace(/:\nhttps?:\S+\s*$/, '')))
    .filter((part) => part !== '');

/** The same of its HTML, without the head with the ISV's name or logo. */
const sentencesOfHtml = ({ html }: Twins) =>
  [...html.matchAll(/<(?:p|td|li) style="[^"]*">((?:[^<]|<a [^>]*>|<\/a>)+)<\/(?:p|td|li)>/g)]
    .map(([, inner = '']) => words(decoded(inner.replace(/<[^>]*>/g, ''))))
    .filter((part) => part !== '');

const linksOfText = ({ text }: Twins) => [...text.matchAll(/:\n(https?:\S+)/g)].map(([, url = '']) => url);
const linksOfHtml = ({ html }: Twins) =>
  [...html.matchAll(/<a href="([^"]*)"/g)].map(([, url = '']) => decoded(url)).filter((url) => !/^mailto:/.test(url));

export const textTwin = (mail: Twins) => ({ says: sentencesOfText(mail), links: linksOfText(mail) });
/** @param head the ISV's name, which delivery puts above the mail */
export function htmlTwin(mail: Twins, head?: string) {
  const says = sentencesOfHtml(mail);
  return { says: head !== undefined && says[0] === head ? says.slice(1) : says, links: linksOfHtml(mail) };
}

export const tagsOf = (html: string) => html.match(/<\/?[a-z]+/g);
/** Each isolate that is opened is closed, and none is closed twice. */
export const isBalanced = (text: string) =>
  (text.match(/[\u2068\u2069]/g) ?? []).reduce(
    (open, it) => (open < 0 ? open : open + (it === '\u2068' ? 1 : -1)),
    0,
  ) === 0;
