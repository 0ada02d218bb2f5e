import { UnreadableFile } from './file-problem.js';

/** A place in a file, read again from its beginning at each call. */
export type FileBytes = () => AsyncIterable<Uint8Array>;

const marks = [
  { encoding: 'utf-8', bytes: [0xef, 0xbb, 0xbf] },
  { encoding: 'utf-16le', bytes: [0xff, 0xfe] },
  { encoding: 'utf-16be', bytes: [0xfe, 0xff] },
] as const;
const LONGEST_MARK = 4;
const REPLACEMENT = '\ufffd';

/**
 * The text of a file: UTF-8 with or without a byte order mark, or UTF-16 with one.
 *
 * @throws {UnreadableFile} if it is none of these; with the line of the first bytes that cannot be read
 */
export async function* decoded(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let head = Buffer.alloc(0);
  let reader: ReturnType<typeof strictReader> | undefined;
  for await (const chunk of chunks) {
    if (!reader) {
      head = Buffer.concat([head, chunk]);
      if (head.length < LONGEST_MARK) continue;
      reader = strictReader(encodingOf(head));
      yield reader.read(head);
    } else yield reader.read(chunk);
  }
  reader ??= strictReader(encodingOf(head));
  yield head.length < LONGEST_MARK ? reader.read(head) + reader.end() : reader.end();
}

function encodingOf(head: Uint8Array) {
  const marked = marks.find(({ bytes }) => bytes.every((byte, at) => head[at] === byte));
  if (marked) return marked.encoding;
  const [first, second, third, fourth] = head;
  if (first === 0x50 && second === 0x4b && third === 3 && fourth === 4)
    throw new UnreadableFile({ code: 'spreadsheet' });
  // The first letter of a column name in UTF-16.
  if (head.length >= 2 && (first === 0 || second === 0)) throw new UnreadableFile({ code: 'utf16_without_mark' });
  return 'utf-8';
}

function strictReader(encoding: (typeof marks)[number]['encoding']) {
  const strict = new TextDecoder(encoding, { fatal: true });
  // Reads the same and says where the first unreadable bytes are; `fatal` does not.
  const lenient = new TextDecoder(encoding);
  let lines = 1;
  const read = (bytes: Uint8Array | undefined): string => {
    const shown = bytes ? lenient.decode(bytes, { stream: true }) : lenient.decode();
    try {
      const text = bytes ? strict.decode(bytes, { stream: true }) : strict.decode();
      lines += lineBreaks(text);
      return text;
    } catch {
      const line = lines + lineBreaks(shown.slice(0, Math.max(0, shown.indexOf(REPLACEMENT))));
      throw new UnreadableFile({ code: 'encoding', line });
    }
  };
  return { read: (bytes: Uint8Array) => read(bytes), end: () => read(undefined) };
}

function lineBreaks(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}
