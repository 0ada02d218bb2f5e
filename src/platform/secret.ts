import { inspect } from 'node:util';

const shown = '[secret]';

/**
 * Text that must not be printed. It gives itself up only to {@link reveal}: JSON, template strings, `console.log`,
 * `util.inspect`, a spread and a structured clone show `[secret]` or nothing.
 */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The text itself. Call it where the text is sealed, hashed or sent, and nowhere else. */
  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return shown;
  }

  toJSON(): string {
    return shown;
  }

  [inspect.custom](): string {
    return shown;
  }
}
