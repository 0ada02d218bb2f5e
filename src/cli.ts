#!/usr/bin/env node
import { CommanderError } from 'commander';
import type { Terminal } from './app/cli-command.js';
import { programOf } from './cli/program.js';

const USAGE_ERROR = 2;
const setExit = (code: number) => {
  process.exitCode = code;
};
const terminal: Terminal = {
  say: (line) => void process.stdout.write(`${line}\n`),
  fail: (...lines) => {
    for (const line of lines) process.stderr.write(`${line}\n`);
    return 1;
  },
};

// A reader that has seen enough, such as `head`, must not end a command in the middle of its work.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });

try {
  await programOf(terminal, setExit).parseAsync();
} catch (error) {
  // commander has already printed the usage error; help and version are not errors.
  if (!(error instanceof CommanderError)) throw error;
  setExit(error.exitCode === 0 ? 0 : USAGE_ERROR);
}
