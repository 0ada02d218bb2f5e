import { Command, Option } from 'commander';
import type { Asked, CliCommand, CliOption, Terminal } from '../app/cli-command.js';
import { problemLines, readConfig } from '../config.js';
import { InstallationProblem, openPortal } from '../installation.js';
import { createLogger } from '../platform/log.js';
import type { Addition } from '../app/process.js';
import { declarations } from '../portal.js';
import { operationCommands } from './operation-commands.js';

/** The descriptions of the first words of two-word commands. */
const groups: Record<string, string> = {
  'api-keys': "keys of the ISV's programs",
  audit: 'the audit, and the proof that it is whole',
  faxes: 'the pull of faxes, from any machine',
  keys: 'keys of the installation',
  receipt: 'receipts of disconnected clinics',
  staff: "the ISV's people",
  tenants: 'clinics',
};

/** The command line: the commands of every capability, and those of the installation. */
export function programOf(terminal: Terminal, exit: (code: number) => void, added: readonly Addition[] = []): Command {
  const program = new Command('latchkey').description('The command line of Latchkey').exitOverride();
  program.configureHelp({ showGlobalOptions: true });
  const commands = [...declarations, ...added].flatMap(({ commands: own = [] }) => own);
  for (const command of [...commands, ...operationCommands]) {
    const [first = '', second] = command.name.split(' ');
    const parent = second === undefined ? program : groupOf(program, first);
    const made = parent.command(second ?? first).description(command.summary);
    for (const option of command.options ?? []) made.addOption(optionOf(option));
    for (const { name, summary } of command.arguments ?? []) made.argument(name, summary);
    made.action(async () => exit(await run(command, askedOf(made), terminal, added)));
  }
  return program;
}

/** The options and arguments that were given, by name. */
const askedOf = (made: Command): Asked => ({
  ...made.opts<Asked>(),
  ...Object.fromEntries(made.registeredArguments.map((argument, at) => [argument.name(), made.args[at]])),
});

function groupOf(program: Command, name: string): Command {
  const found = program.commands.find((command) => command.name() === name);
  return found ?? program.command(name).description(groups[name] ?? '');
}

function optionOf({ flags, summary, choices, required, default: preset }: CliOption): Option {
  const option = new Option(flags, summary);
  if (choices) option.choices(choices);
  if (preset !== undefined) option.default(preset);
  return option.makeOptionMandatory(required === true);
}

async function run(command: CliCommand, asked: Asked, terminal: Terminal, added: readonly Addition[]) {
  if (command.run) return command.run(asked, terminal);
  const parsed = readConfig();
  if (!parsed.ok) return terminal.fail(...problemLines(parsed.problems));
  const portal = await openPortal(parsed.config, createLogger('silent'), added).catch((error: unknown) => {
    if (error instanceof InstallationProblem) return error.message;
    throw error;
  });
  if (typeof portal === 'string') return terminal.fail(portal);
  try {
    const own = portal.runs.get(command.name);
    if (!own) throw new Error(`no capability runs the command ${command.name}`);
    return await own(asked, terminal);
  } finally {
    await portal.close();
  }
}
