import { parseArgs } from 'node:util';
import { problemLines, readDemoOptions, type DemoOptions, type DemoPorts } from './config.js';
import { banner, codeText, jsonLine, type DemoFacts } from './demo/banner.js';
import { addClinics } from './demo/demo-clinics.js';
import { makeApiKey } from './demo/demo-api-key.js';
import { createAdministrator } from './demo/demo-people.js';
import { PortUnavailable } from './demo/demo-servers.js';
import { startDemoWorld, type DemoWorld } from './demo/demo-world.js';
import { runWalk } from '../test/walk/walk.js';
import { SchemaRefused } from './demo/postgres-schema.js';

/**
 * `npm run demo`: an ISV with clinics in different states, the RingCentral emulator and a mailbox. Runs until SIGTERM
 * or SIGINT. `--json` prints addresses and sign-ins as one line. `--walk` runs a clinic's journey against its own
 * demo and prints one line per step. Data is stored in `data/demo`, or in a separate schema if DATABASE_URL names
 * PostgreSQL.
 */
const usual: DemoPorts = { PORT: 3000, EMULATOR_PORT: 4000, MAILBOX_PORT: 4025 };
const anyFree: DemoPorts = { PORT: 0, EMULATOR_PORT: 0, MAILBOX_PORT: 0 };
const USAGE = 'usage: npm run demo [-- --json | --walk]';

/** Prints the lines and ends the process. */
function refuse(lines: string[], code = 1): never {
  for (const line of lines) process.stderr.write(`${line}\n`);
  process.exit(code);
}

function readOptions(): { json: boolean; walk: boolean } {
  try {
    const { json, walk } = parseArgs({ options: { json: { type: 'boolean' }, walk: { type: 'boolean' } } }).values;
    if (json && walk) refuse([USAGE], 2);
    return { json: json ?? false, walk: walk ?? false };
  } catch {
    return refuse([USAGE], 2);
  }
}

function optionsFor(walk: boolean): DemoOptions {
  const read = readDemoOptions(walk ? anyFree : usual);
  return read.ok ? read.options : refuse(problemLines(read.problems));
}

// eslint-disable-next-line no-restricted-syntax -- what a signal closes
let world: DemoWorld | undefined;
const ending = new AbortController();

/** The first signal cancels what is running and shuts down in order; a second signal ends the process immediately. */
function stop(): void {
  ending.abort();
  process.once('SIGTERM', () => process.exit(1)).once('SIGINT', () => process.exit(1));
  void (world?.close() ?? Promise.resolve()).then(() => process.exit(0));
}

async function stayUp(json: boolean): Promise<void> {
  const log = { level: 'warn', write: (line: string) => void process.stderr.write(line) };
  world = await startDemoWorld({
    ...optionsFor(false),
    folder: 'data/demo',
    isTemporary: false,
    confirmSeconds: 3,
    log,
  });
  const staff = await createAdministrator(world.portal);
  const clinics = await addClinics(world, staff);
  const apiKey = await makeApiKey(world.portal, staff);
  const { urls, database, example } = world;
  const facts: DemoFacts = { urls, database, example, staff, clinics, apiKey };
  if (json) {
    process.stdout.write(`${jsonLine(facts)}\n`);
    return;
  }
  const canAsk = process.stdin.isTTY;
  process.stdout.write(banner(facts, new Date(), canAsk));
  if (canAsk) process.stdin.on('data', () => process.stdout.write(`  Code  ${codeText(staff, new Date())}\n`));
}

async function walk(): Promise<void> {
  const logged: string[] = [];
  const log = { level: 'debug', write: (line: string) => void logged.push(line) };
  world = await startDemoWorld({
    ...optionsFor(true),
    folder: `data/demo-walk-${process.pid}`,
    isTemporary: true,
    confirmSeconds: 60, // the walk moves the clock
    log,
  });
  const held = await runWalk(world, { logged, say: (line) => process.stdout.write(`${line}\n`) });
  await world.close();
  process.exit(held ? 0 : 1);
}

const options = readOptions();
process.once('SIGTERM', stop).once('SIGINT', stop);
try {
  await (options.walk ? walk() : stayUp(options.json));
} catch (error) {
  if (ending.signal.aborted) await new Promise(() => undefined); // an interruption by the signal is not a failure; `stop` ends the process
  await world?.close();
  const said = error instanceof Error ? error.message : String(error);
  const isPlain = error instanceof PortUnavailable || error instanceof SchemaRefused;
  refuse([isPlain ? said : `The demo could not start: ${said}`]);
}
