import type { CliCommand } from '../app/cli-command.js';
import { problemLines, readConfig } from '../config.js';
import { InstallationProblem, migrateDatabase } from '../installation.js';
import { KeyFileError, writeKeyFiles, writeSigningKeyFile } from '../platform/sealing/key-files.js';
import { diagnose } from './doctor.js';
import { faxCommands } from './fax-commands.js';
import { tokenCommand } from './token-command.js';

const keysGenerate: CliCommand = {
  name: 'keys generate',
  summary: 'writes a new private and public JWKS, or a new key for receipts; never overwrites',
  options: [
    { flags: '--private <file>', summary: 'the JWKS for worker and api; with --public' },
    { flags: '--public <file>', summary: 'the JWKS for web; with --private' },
    { flags: '--audit <file>', summary: 'the key with which the worker signs receipts' },
  ],
  run: async (asked, { fail }) => {
    const pair = [asked.private, asked.public].filter((file) => file !== undefined).length;
    if (pair !== (asked.audit === undefined ? 2 : 0)) {
      fail('give either --private and --public, or --audit');
      return 2;
    }
    try {
      if (asked.audit !== undefined) writeSigningKeyFile(String(asked.audit));
      else await writeKeyFiles({ privateFile: String(asked.private), publicFile: String(asked.public) });
      return 0;
    } catch (error) {
      if (error instanceof KeyFileError) return fail(error.message);
      throw error;
    }
  },
};

const migrateCommand: CliCommand = {
  name: 'migrate',
  summary: 'migrates the database to this version',
  run: async (_asked, { fail }) => {
    const parsed = readConfig();
    if (!parsed.ok) return fail(...problemLines(parsed.problems));
    try {
      await migrateDatabase(parsed.config.DATABASE_URL);
      return 0;
    } catch (error) {
      if (error instanceof InstallationProblem) return fail(error.message);
      throw error;
    }
  },
};

const doctor: CliCommand = {
  name: 'doctor',
  summary: 'checks this installation; reports problems and what it cannot prove',
  run: async (_asked, { say }) => {
    const findings = await diagnose(readConfig());
    for (const { ok, subject, advice } of findings)
      say(`${ok === null ? 'not proved' : ok ? 'ok ' : 'bad'} ${subject}${advice ? `: ${advice}` : ''}`);
    return findings.some(({ ok }) => ok === false) ? 1 : 0;
  },
};

/** Commands for an installation as a whole, which belong to no capability, and for a portal that runs elsewhere. */
export const operationCommands: readonly CliCommand[] = [
  keysGenerate,
  migrateCommand,
  doctor,
  tokenCommand,
  ...faxCommands,
];
