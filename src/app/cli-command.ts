/** One option of a command. */
export type CliOption = {
  /** As commander reads them: `--name <name>`. */
  flags: string;
  summary?: string;
  choices?: readonly string[];
  required?: true;
  default?: string;
};

export type Asked = Readonly<Record<string, string | boolean | undefined>>;

/** Where a command says what it has to say. */
export type Terminal = {
  say: (line: string) => void;
  /** Says what is wrong. @returns the exit code */
  fail: (...lines: string[]) => 1;
};

/** @returns the exit code */
export type CommandRun = (asked: Asked, terminal: Terminal) => Promise<number>;

/** A command of the command line. It is declared without being made, so that help needs no configuration. */
export type CliCommand = {
  /** Its words, such as `staff create`. */
  name: string;
  summary: string;
  options?: readonly CliOption[];
  /** Of a command that needs no installation; the others are run by their capability. */
  run?: CommandRun;
};
