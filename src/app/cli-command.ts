/** One option of a command. */
export type CliOption = {
  /** In commander's format: `--name <name>`. */
  flags: string;
  summary?: string;
  choices?: readonly string[];
  required?: true;
  default?: string;
};

export type Asked = Readonly<Record<string, string | boolean | undefined>>;

/** Where a command writes its output. */
export type Terminal = {
  say: (line: string) => void;
  /** Prints what is wrong. @returns the exit code */
  fail: (...lines: string[]) => 1;
};

/** @returns the exit code */
export type CommandRun = (asked: Asked, terminal: Terminal) => Promise<number>;

/** A command of the command line. It is declared without being made, so that help needs no configuration. */
export type CliCommand = {
  /** The words of the command, such as `staff create`. */
  name: string;
  summary: string;
  options?: readonly CliOption[];
  /** What follows the words, in commander's format: `<id>`. `Asked` has each by its name. */
  arguments?: readonly { name: `<${string}>`; summary: string }[];
  /** Set for a command that needs no installation; the others are run by their capability. */
  run?: CommandRun;
};
