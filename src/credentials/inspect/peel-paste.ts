import type { Repair } from './repairs.js';

/** The text left on both sides of the JWT while layers are removed from the inside out. */
type Around = { before: string; after: string; readonly repairs: Set<Repair>; readonly inCurl: boolean };

const openingQuotes = '"\'`´“”„‟‘’‚‛«»‹›「『＂＇′″';
const closingQuotes = '"\'`´“”„‟‘’‚‛«»‹›」』＂＇′″';
/** One or two `=` are base64 padding, which a JWT does not have (RFC 7515 §2). */
const punctuation = /^(?:[.,;:!?。，；！？]+|={1,2})/;

/** Removes one layer; returns false if there is no layer of its kind. */
type Peel = (around: Around) => boolean;

/** The end of a text. All layers look at no more than this, so each takes constant time. */
const tail = (text: string): string => text.slice(-300);
/** The text without its last `count` characters. */
const without = (text: string, count: number): string => text.slice(0, text.length - count);
/** The text before its last word; a word ends at whitespace, quotes and brackets. */
function beforeLastWord(text: string): string {
  let end = text.length;
  while (end > 0 && !/[\s"'`<>]/.test(text[end - 1] ?? ' ')) end -= 1;
  return text.slice(0, end);
}
const lastLine = (text: string): string => text.slice(text.lastIndexOf('\n') + 1);
const isOneOf = (characters: string, character: string | undefined): boolean =>
  character !== undefined && character !== '' && characters.includes(character);

/** White space next to the JWT belongs to the text around it, unless that text is a quote or a bracket. */
function trimInside(around: Around): boolean {
  const { before, after } = around;
  around.before = before.trimEnd();
  around.after = after.trimStart();
  return /[^\u00A0]/.test(before.slice(around.before.length) + after.slice(0, after.length - around.after.length));
}

const peelFence: Peel = (around) => {
  const fence = /(?:`{3,9}|~{3,9})[\w+-]{0,20}$/.exec(tail(around.before));
  const closing = /^(?:`{3,9}|~{3,9})/.exec(around.after);
  if (fence === null && closing === null) return false;
  around.before = without(around.before, fence?.[0].length ?? 0);
  around.after = around.after.slice(closing?.[0].length ?? 0);
  around.repairs.add('code_fence');
  return true;
};

/** Removes the JSON around a string in it, from the first bracket to the last. */
const peelJson: Peel = (around) => {
  if (!/[{[:,]\s*["'“]$/.test(tail(around.before))) return false;
  const opening = around.before.search(/[{[]\s*["'“{[]/);
  if (opening === -1) return false;
  around.before = around.before.slice(0, opening);
  around.after = around.after.slice(Math.max(around.after.lastIndexOf('}'), around.after.lastIndexOf(']')) + 1);
  around.repairs.add('json');
  return true;
};

const peelQuotes: Peel = (around) => {
  const opens = isOneOf(openingQuotes, around.before.at(-1));
  const closes = isOneOf(closingQuotes, around.after[0]);
  if (!opens && !closes) return false;
  if (opens) around.before = around.before.slice(0, -1);
  if (closes) around.after = around.after.slice(1);
  if (!around.inCurl) around.repairs.add('quotes');
  return true;
};

/** Removes `<…>`, or an HTML element such as `<code>…</code>`. */
const peelBrackets: Peel = (around) => {
  const tag = /(?:<|<[A-Za-z][^<>\n]{0,200}>)$/.exec(tail(around.before));
  const closing = /^(?:>|<\/[A-Za-z][^<>\n]{0,40}>|<[A-Za-z][^<>\n]{0,40}>)/.exec(around.after);
  if (tag === null && closing === null) return false;
  around.before = without(around.before, tag?.[0].length ?? 0);
  around.after = around.after.slice(closing?.[0].length ?? 0);
  around.repairs.add('angle_brackets');
  return true;
};

const peelBearer: Peel = (around) => {
  const bearer = /\bbearer[ \t:=]{0,4}$/i.exec(tail(around.before));
  if (bearer === null) return false;
  around.before = without(around.before, bearer[0].length).trimEnd();
  const header = /\bauthorization["']?[ \t]{0,4}[:=]$/i.exec(tail(around.before));
  around.before = without(around.before, header?.[0].length ?? 0);
  around.repairs.add('bearer_prefix');
  return true;
};

/** Removes `a=1&name=…&b=2` (a form body or query string), up to the surrounding whitespace. */
const peelForm: Peel = (around) => {
  const name = /[\w.[\]-]{1,60}=$/.exec(tail(around.before));
  if (name === null) return false;
  const outside = without(around.before, name[0].length);
  if (!/[&?]$/.test(outside) && !around.after.startsWith('&')) return false;
  around.before = beforeLastWord(outside);
  around.after = around.after.slice(/^[^\s"'`<>]*/.exec(around.after)?.[0].length ?? 0);
  if (!around.inCurl) around.repairs.add('label');
  return true;
};

const assignment = /^(?:[-*]|export|set|setx|const|let|var|env)\s+|^\$env:/i;

/** Removes `JWT:`, `NAME=` or `export NAME=`: a name of up to three words at the beginning of its line. */
const peelLabel: Peel = (around) => {
  const line = lastLine(around.before);
  const mark = /(?:=>|:=|[:=：＝])$/.exec(line);
  if (mark === null) return false;
  const name = line.slice(0, mark.index).trim().replace(assignment, '');
  if (name.length > 60 || !/^[\p{L}\p{N}_ .$()'’"/-]+$/u.test(name) || name.split(/\s+/).length > 3) return false;
  const prose = name.includes(' ') && /^[^\n]*[\p{L}\p{N}]/u.test(around.after);
  if (prose) return false;
  around.before = without(around.before, line.length);
  if (!around.inCurl) around.repairs.add('label');
  return true;
};

/** Removes a whole command, from its name to the end of its line. */
const peelCurl: Peel = (around) => {
  if (!around.inCurl) return false;
  around.before = around.before.slice(0, around.before.search(curl));
  around.after = around.after.slice(/^[^\n]*/.exec(around.after)?.[0].length ?? 0);
  around.repairs.add('curl');
  return true;
};

const curl = /\$ curl |\bcurl(?:\.exe|)[ \t]/i;

/** Removes a period after the JWT, before or after the closing quote. If words follow, the period belongs to them. */
const peelPunctuation: Peel = (around) => {
  const marks = punctuation.exec(around.after)?.[0] ?? '';
  const next = around.after[marks.length];
  if (marks === '' || !(next === undefined || /\s/.test(next) || isOneOf(closingQuotes + '>', next))) return false;
  if (/[\p{L}\p{N}]/u.test(around.after)) return false;
  around.after = around.after.slice(marks.length);
  around.repairs.add('trailing_punctuation');
  return true;
};

const layers: readonly Peel[] = [
  peelFence,
  peelJson,
  peelBearer,
  peelForm,
  peelLabel,
  peelBrackets,
  peelQuotes,
  peelPunctuation,
];
/** Layers that touch the JWT directly; whitespace between them and the JWT is an additional repair. */
const tight: readonly Peel[] = [peelBrackets, peelQuotes];
const most = 24;

/**
 * Removes what surrounds a JWT, layer by layer from the inside out, and names each kind of layer. White space between
 * a layer and its content belongs to the layer; white space left at the ends is `whitespace`.
 */
export function peelPaste(before: string, after: string): Set<Repair> {
  const around: Around = { before, after, repairs: new Set(), inCurl: curl.test(before) };
  for (let count = 0; count < most; count += 1) {
    const trimmed = trimInside(around);
    if (around.before === '' && around.after === '') {
      if (trimmed) around.repairs.add('whitespace');
      return around.repairs;
    }
    const layer = layers.find((peel) => peel(around));
    if (layer === undefined) break;
    if (trimmed && tight.includes(layer)) around.repairs.add('whitespace');
  }
  if (peelCurl(around)) {
    const trimmed = trimInside(around);
    if (trimmed && around.before === '' && around.after === '') around.repairs.add('whitespace');
  }
  if (around.before !== '' || around.after !== '') around.repairs.add('surrounding_text');
  return around.repairs;
}
