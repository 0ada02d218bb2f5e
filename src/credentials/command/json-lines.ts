import { StringDecoder } from 'node:string_decoder';

/** One line of a file of JSON strings: the string, or the reason why it is not one. */
export type Line = { kind: 'string'; value: string } | { kind: 'too_long' } | { kind: 'bad' };

const newline = 0x0a;
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * Splits bytes into lines and reads each as a JSON string. Keeps at most `limit` bytes of a line; of a longer line it
 * checks only the syntax, as the bytes pass (RFC 8259 §7).
 */
export class JsonLines {
  #rest: Buffer[] = [];
  #length = 0;
  #long: StringForm | null = null;
  #begun = false;

  constructor(private readonly limit: number) {}

  *push(chunk: Buffer): Generator<Line> {
    let bytes = chunk;
    for (let end = bytes.indexOf(newline); end !== -1; end = bytes.indexOf(newline)) {
      this.#keep(bytes.subarray(0, end));
      yield this.#take();
      bytes = bytes.subarray(end + 1);
    }
    if (bytes.length > 0) this.#keep(bytes);
  }

  /** Yields the last line if it has no line feed. */
  *end(): Generator<Line> {
    if (this.#length > 0) yield this.#take();
  }

  #keep(bytes: Buffer): void {
    this.#length += bytes.length;
    if (this.#long === null && this.#length > this.limit) {
      this.#long = new StringForm(this.limit);
      for (const earlier of this.#rest) this.#long.push(earlier);
      this.#rest = [];
    }
    if (this.#long === null) this.#rest.push(bytes);
    else this.#long.push(bytes);
  }

  #take(): Line {
    const line = this.#long === null ? parse(this.#whole()) : this.#long.end();
    this.#rest = [];
    this.#length = 0;
    this.#long = null;
    this.#begun = true;
    return line;
  }

  #whole(): string {
    const bytes = this.#rest.length === 1 ? (this.#rest[0] ?? Buffer.alloc(0)) : Buffer.concat(this.#rest);
    const marked = !this.#begun && bytes.subarray(0, 3).equals(byteOrderMark);
    return bytes.toString('utf8', marked ? 3 : 0);
  }
}

function parse(line: string): Line {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'string' ? { kind: 'string', value } : { kind: 'bad' };
  } catch {
    return { kind: 'bad' };
  }
}

const blanks = ' \t\r';
const escapes = '"\\/bfnrt';
const hexDigits = '0123456789abcdefABCDEF';

/** Checks that a text that is too long to keep is a single JSON string, surrounded by nothing but whitespace. */
class StringForm {
  #state: 'before' | 'inside' | 'escape' | 'after' | 'bad' = 'before';
  #hexLeft = 0;
  #kept = '';
  #keeps = true;
  readonly #decoder = new StringDecoder('utf8');

  constructor(private readonly limit: number) {}

  push(bytes: Buffer): void {
    const text = this.#decoder.write(bytes);
    let from = this.#state === 'before' ? -1 : 0;
    for (let at = 0; at < text.length && this.#state !== 'bad'; at += 1) {
      const was = this.#state;
      this.#state = this.#next(text.charAt(at));
      if (was === 'before' && this.#state === 'inside') from = at;
      if (was === 'inside' && this.#state === 'after') {
        this.#keep(text.slice(from, at + 1));
        from = -1;
      }
    }
    if (from !== -1 && this.#state !== 'after' && this.#state !== 'before') this.#keep(text.slice(from));
  }

  end(): Line {
    if (this.#state !== 'after') return { kind: 'bad' };
    return this.#keeps ? parse(this.#kept) : { kind: 'too_long' };
  }

  #keep(text: string): void {
    if (this.#keeps) this.#kept += text;
    if (this.#kept.length <= this.limit) return;
    this.#keeps = false;
    this.#kept = '';
  }

  #next(character: string): 'before' | 'inside' | 'escape' | 'after' | 'bad' {
    switch (this.#state) {
      case 'before':
        if (character === '"') return 'inside';
        return blanks.includes(character) ? 'before' : 'bad';
      case 'inside':
        return this.#inside(character);
      case 'escape':
        this.#hexLeft = character === 'u' ? 4 : 0;
        return character === 'u' || escapes.includes(character) ? 'inside' : 'bad';
      default:
        return blanks.includes(character) ? 'after' : 'bad';
    }
  }

  #inside(character: string): 'inside' | 'escape' | 'after' | 'bad' {
    if (this.#hexLeft > 0) {
      this.#hexLeft -= 1;
      return hexDigits.includes(character) ? 'inside' : 'bad';
    }
    if (character === '"') return 'after';
    if (character === '\\') return 'escape';
    return character < ' ' ? 'bad' : 'inside';
  }
}
