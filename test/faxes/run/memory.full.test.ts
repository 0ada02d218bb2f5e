// Runs for 65 s
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileCopy } from '../../drill/source-copy.js';
import { aRingCentral, type Cast } from '../../emulator/cast.js';
import { aStubPortal, aToken, key, type StubPortal } from '../../client/stub-portal.js';
import { startProcess, toItsEnd } from '../../support/processes/processes.js';

const MEBIBYTE = 1_048_576;
const RUNS = 3;
/** Ends only what hangs. */
const LIMIT_MS = 600_000;
/**
 * Written by the pull as it ends: the most memory that it ever had, in KiB. Read from Linux itself, because `maxRSS` also
 * counts what the process had that started it: this one, with the faxes of the emulator.
 */
const tellMemory =
  'data:text/javascript,import{readFileSync}from"node:fs";process.on("exit",()=>process._rawDebug("memory "+/VmHWM:\\s+(\\d+)/.exec(readFileSync("/proc/self/status","latin1"))[1]))';

/**
 * Node compiles the HTTP parser a second time once it is used much. This takes up to 60 MB for a moment, for any fax,
 * and at a moment that depends on the load of the machine. If it comes before the documents, it hides what they cost. If
 * it comes while they are read, it adds to it. So here the parser is compiled once.
 */
const COMPILED_ONCE = '--liftoff-only';

let base: string;
let ringCentral: Cast;
let portal: StubPortal;
beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), 'latchkey-memory-'));
  compileCopy(base);
  ringCentral = await aRingCentral({ now: () => new Date(), limits: 'generous' });
  ringCentral.emulator.setMailboxRules({ cap: null });
  portal = await aStubPortal();
});
afterAll(async () => {
  await portal.close();
  await ringCentral.emulator.close();
  rmSync(base, { recursive: true });
});

/** A new fax line, which the next pull reads. */
const aLine = () => ringCentral.emulator.addExtension({ accountId: ringCentral.clinic.id, type: 'FaxUser' }).id;

function receive(extensionId: string, { faxes, padding = 0 }: { faxes: number; padding?: number }): void {
  for (let fax = 0; fax < faxes; fax += 1)
    ringCentral.emulator.deliverFax(extensionId, { lateSeconds: fax, attachments: [{ padding }] });
}

/** Purged faxes are listed like others, and no document of theirs is fetched. */
function listOnly(extensionId: string, faxes: number): void {
  receive(extensionId, { faxes });
  for (const { id } of ringCentral.emulator.messagesOf(extensionId))
    ringCentral.emulator.changeMessage(id, { availability: 'Purged' });
}

/** Pulls the line into a new folder each time. @returns the median of the most memory, in MiB, and the last line */
async function pulls(extensionId: string): Promise<{ memory: number; total: unknown }> {
  const { access_token = '', owner_id = '' } = await ringCentral.mint();
  const { url, clinic } = ringCentral;
  const hour = new Date(Date.now() + 3_600_000).toISOString();
  const hosts = { server_url: url, media_url: url };
  const ids = { account_id: clinic.id, owner_id, fax_extensions: [extensionId] };
  const token = aToken({ access_token, expires_at: hour, ...hosts, ...ids });
  const memory: number[] = [];
  let total: unknown;
  for (let run = 0; run < RUNS; run += 1) {
    const dir = mkdtempSync(join(base, 'faxes-'));
    portal.will({ status: 200, body: token }, { status: 204 });
    const program = [COMPILED_ONCE, '--import', tellMemory, join(base, 'dist/cli.js')];
    const args = [...program, 'faxes', 'pull', '--to', dir, '--tenant', 'EHR-1'];
    const env = { LATCHKEY_URL: portal.url, LATCHKEY_API_KEY: key };
    const { stdout, stderr } = await toItsEnd(startProcess(process.execPath, args, { env, stdin: '' }));
    const [, kibibytes] = /^memory (\d+)$/m.exec(stderr) ?? [];
    memory.push(Number(kibibytes) / 1024);
    total = JSON.parse(stdout.split('\n').at(-1) ?? '{}');
    rmSync(dir, { recursive: true });
  }
  const [, median = NaN] = memory.sort((a, b) => a - b);
  return { memory: median, total };
}

it(
  'a fax of 50 MB costs at most 40 MB of memory more than small ones',
  async () => {
    const [small, large] = [aLine(), aLine()];
    receive(small, { faxes: 10 });
    receive(large, { faxes: 9 });
    receive(large, { faxes: 1, padding: 50_000_000 });
    const [few, much] = [await pulls(small), await pulls(large)];
    for (const { total } of [few, much]) expect(total).toMatchObject({ fetched: 10, failed: 0, pending: 0 });
    expect((much.memory - few.memory) * MEBIBYTE).toBeLessThanOrEqual(40_000_000);
  },
  LIMIT_MS,
);

it(
  'ten times as many listed faxes cost at most 40 MB of memory more',
  async () => {
    const [short, long] = [aLine(), aLine()];
    listOnly(short, 400);
    listOnly(long, 4000);
    const [few, many] = [await pulls(short), await pulls(long)];
    expect(few.total).toMatchObject({ new: 400, lost: 400 });
    expect(many.total).toMatchObject({ new: 4000, lost: 4000 });
    expect((many.memory - few.memory) * MEBIBYTE).toBeLessThanOrEqual(40_000_000);
  },
  LIMIT_MS,
);
