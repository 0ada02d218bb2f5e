import { inspect } from 'node:util';

const shown = '[secret]';

/**
 * Text that must not be printed. Only {@link reveal} returns it: JSON, template strings, `console.log`,
 * `util.inspect`, a spread and a structured clone show `[secret]` or nothing.
 */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The text itself. Call this only where the text is sealed, hashed or sent. */
  reveal(): string {
    return this.#text;
  }

  isSame(other: Secret): boolean {
    return this.#text === other.#text;
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
