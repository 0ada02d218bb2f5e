/** One line of a file of JSON strings: the string, or the reason why it is not one. */
export type Line = { kind: 'string'; value: string } | { kind: 'too_long' } | { kind: 'bad' };

const newline = 0x0a;

/**
 * Splits a stream of bytes into lines and reads each as a JSON string (RFC 8259 §7). A byte order mark may begin the
 * first line. Keeps at most `limit` bytes of a line: a longer one is `too_long`, whatever it is.
 */
export async function* jsonLines(chunks: AsyncIterable<Buffer>, limit: number): AsyncGenerator<Line[]> {
  let kept: Buffer[] = [];
  let length = 0;
  let isFirst = true;
  const keep = (bytes: Buffer) => {
    length += bytes.length;
    if (length <= limit) kept.push(bytes);
    else kept = [];
  };
  const take = (): Line => {
    const text = Buffer.concat(kept).toString('utf8');
    const line = length > limit ? ({ kind: 'too_long' } as const) : parse(isFirst ? text.replace(/^\uFEFF/, '') : text);
    kept = [];
    length = 0;
    isFirst = false;
    return line;
  };
  for await (const chunk of chunks) {
    let bytes = chunk;
    const lines: Line[] = [];
    for (let end = bytes.indexOf(newline); end !== -1; end = bytes.indexOf(newline)) {
      keep(bytes.subarray(0, end));
      lines.push(take());
      bytes = bytes.subarray(end + 1);
    }
    if (bytes.length > 0) keep(bytes);
    yield lines;
  }
  if (length > 0) yield [take()];
}

function parse(line: string): Line {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'string' ? { kind: 'string', value } : { kind: 'bad' };
  } catch {
    return { kind: 'bad' };
  }
}
