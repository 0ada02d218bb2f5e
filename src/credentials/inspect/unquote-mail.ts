// Two marks, or one mark followed by text: a lone `>` on its own line closes a `<`.
const angleMarks = /^[ \t\u00A0]*>[> \t\u00A0]*/gm;
const closingBracket = /^[ \t]*>[ \t]*$/;

/** Bars that mail and chat programs draw in front of each quoted line. */
const bars = '|¦│┃║▏▎▍▌｜';
/** Marks that point to the right, and marks with many other uses; no JWT and no mask begins with one of these. */
const pointers = '»›》〉＞';
const otherMarks = ':;#%!';
/** A line of a percent-encoded text may begin with `%2E`. */
const encodedByte = '%[0-9A-Fa-f]{2}';
const oneMark = new RegExp(`^[ \\t\\u00A0]*(?:[${bars}][ \\t\\u00A0]*|[${pointers}][ \\t\\u00A0]+)`);
const markAhead = new RegExp(
  `^[ \\t\\u00A0]*(?:(?!${encodedByte})([${bars}${pointers}${otherMarks}])[ \\t\\u00A0]*|([A-Za-z]{1,8}> ?))`,
);
const barBehind = new RegExp(`[${bars}]$`);
const endOfOther = new RegExp(`[${bars}«‹]`);

/** Removes the marks in front of quoted lines: `>` (RFC 3676 §4.5), a bar, or the writer's initials and `>`. */
export function unquoteMail(text: string): string {
  const lines = text.split('\n');
  const inside = text.match(angleMarks) === null ? unquoteBlock(lines) : unquoteAngles(text, lines);
  return inside ?? unquoteOneLine(lines) ?? text;
}

function unquoteAngles(text: string, lines: readonly string[]): string | null {
  const marks = text.match(angleMarks) ?? [];
  if (marks.length === 1 && text.includes('<') && lines.some((line) => closingBracket.test(line))) return null;
  return text.replace(angleMarks, '');
}

/**
 * Unlike `>`, these marks have other uses. They are quoting if every line from the first to the last one with a mark
 * has the same mark; for `otherMarks`, a line must also end with a value. A box closes each line with a bar.
 */
function unquoteBlock(lines: readonly string[]): string | null {
  const marks = lines.map((line) => (line.trim() === '' ? null : markOf(line)));
  const spans = new Map<string, { first: number; last: number; lines: number }>();
  const blanks = [0];
  marks.forEach((mark, at) => {
    blanks.push((blanks[at] ?? 0) + (mark === null ? 1 : 0));
    if (!mark) return;
    const span = spans.get(mark);
    if (span) Object.assign(span, { last: at, lines: span.lines + 1 });
    else spans.set(mark, { first: at, last: at, lines: 1 });
  });
  for (const [mark, { first, last, lines: count }] of spans) {
    const isQuoted = first < last && count + (blanks[last + 1] ?? 0) - (blanks[first] ?? 0) === last - first + 1;
    if (!isQuoted) continue;
    const inside = lines.slice(first, last + 1);
    const isBox = inside.every((line) => line.trim() === '' || barBehind.test(line.trimEnd()));
    const unquoted = inside.map((line) => (isBox ? line.trimEnd().slice(0, -1) : line).replace(markAhead, ''));
    if (!otherMarks.includes(mark) || unquoted.some(endsWithValue))
      return [...lines.slice(0, first), ...unquoted, ...lines.slice(last + 1)].join('\n');
  }
  return null;
}

const endsWithValue = (line: string): boolean =>
  /[\w.-]{20}/.test(line) || /(?:^|[:=]\s{0,4})[\w-]{8,}$/.test(line.trim());

const markOf = (line: string): string => {
  const found = markAhead.exec(line);
  return found?.[1] ?? found?.[2] ?? '';
};

/** A value on one line behind a bar, which is neither one cell of a table nor a damaged JWT. */
function unquoteOneLine(lines: readonly string[]): string | null {
  for (const [at, line] of lines.entries()) {
    const mark = oneMark.exec(line)?.[0];
    if (mark === undefined) continue;
    const rest = line.slice(mark.length);
    const isQuoted = /\s$/.test(mark) || rest.startsWith('eyJ') || !rest.includes('.');
    if (isQuoted && /[\w-]{20}/.test(rest) && !endOfOther.test(rest)) return lines.with(at, rest).join('\n');
  }
  return null;
}
