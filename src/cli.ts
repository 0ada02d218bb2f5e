#!/usr/bin/env node
import { Command, CommanderError, Option } from 'commander';
import {
  runCheck,
  runDoctor,
  runKeysGenerate,
  runMigrate,
  runStaffCreate,
  runTenantsCreate,
} from './cli/portal-commands.js';
import { inspectCommand, type InspectFlags } from './credentials/command/inspect-command.js';
import { environmentNames } from './ringcentral/environments.js';

const USAGE_ERROR = 2;
const setExit = (code: number) => {
  process.exitCode = code;
};

const program = new Command('latchkey').description('The command line of Latchkey').exitOverride();
program.configureHelp({ showGlobalOptions: true });

program
  .command('inspect')
  .description('inspects a paste from standard input; needs no configuration')
  .addOption(new Option('--environment <name>').choices(environmentNames).default('production'))
  .option('--now <ISO>', 'inspect as of this time')
  .option('--client-id <ID>', 'recognize this client ID if it is pasted by mistake')
  .option('--fingerprint', 'add the SHA-256 of the repaired JWT')
  .option('--jsonl', 'read one JSON string per line, print one result per line')
  .action(async (options: InspectFlags) => {
    const streams = { input: process.stdin, output: process.stdout, errors: process.stderr };
    // eslint-disable-next-line no-restricted-syntax -- the default of --now
    setExit(await inspectCommand({ ...streams, options, clock: () => new Date() }));
  });

program
  .command('keys')
  .description('sealing keys')
  .command('generate')
  .description('writes a new private and public JWKS; never overwrites')
  .requiredOption('--private <file>')
  .requiredOption('--public <file>')
  .action(async (options: { private: string; public: string }) => setExit(await runKeysGenerate(options)));

program
  .command('staff')
  .description("the ISV's people")
  .command('create')
  .description('creates a staff account and prints its one-time URL')
  .requiredOption('--email <address>')
  .requiredOption('--name <name>')
  .addOption(new Option('--role <role>').choices(['administrator', 'operator', 'auditor']).makeOptionMandatory())
  .action(async (options: { email: string; name: string; role: string }) => setExit(await runStaffCreate(options)));

program
  .command('tenants')
  .description('clinics')
  .command('create')
  .description('creates a tenant and prints its id')
  .requiredOption('--name <name>')
  .requiredOption('--ref <ref>', "the ISV's own id for it")
  .action(async (options: { name: string; ref: string }) => setExit(await runTenantsCreate(options)));

program
  .command('migrate')
  .description('migrates the database to this version')
  .action(async () => setExit(await runMigrate()));

program
  .command('check')
  .description('reports the state of connections; exits 1 if one is not healthy')
  .option('--tenant <ref>', 'only this tenant')
  .action(async (options: { tenant?: string }) => setExit(await runCheck(options)));

program
  .command('doctor')
  .description('checks this installation and reports problems')
  .action(async () => setExit(await runDoctor()));

try {
  await program.parseAsync();
} catch (error) {
  // commander has already printed the usage error; help and version are not errors.
  if (!(error instanceof CommanderError)) throw error;
  setExit(error.exitCode === 0 ? 0 : USAGE_ERROR);
}
