import { uptime } from 'node:os';
import { z } from 'zod';
import type { Asked, CliCommand, Terminal } from '../app/cli-command.js';
import { problemLines, processEnvironment, type Environment } from '../config.js';
import { inspectFolder } from '../faxes/run/inspect-folder.js';
import { pullInto, type PullOptions, type PullSurroundings } from '../faxes/run/pull-into.js';
import { refetchFax } from '../faxes/run/refetch.js';
import { realWorld } from '../platform/world.js';
import { portalAccess } from './portal-access.js';

const USAGE_ERROR = 2;
const ONLY_ME = 0o077;
const SECOND_MS = 1000;

/** What a test replaces. */
export type FaxCommandParts = {
  environment: () => Environment;
  around?: Partial<PullSurroundings>;
};

const folder = { flags: '--to <folder>', summary: 'the folder of the faxes; it must exist', required: true } as const;

/** The nightly pull and what looks after its folder: clients of the API that need no installation. */
export const faxCommandsIn = (parts: FaxCommandParts): readonly CliCommand[] => [
  {
    name: 'faxes pull',
    summary:
      'fetches every inbound fax of every clinic once; 0: all, 1: something is left, 2: no line was listed to its end',
    options: [
      folder,
      { flags: '--tenant <ref>', summary: "only this clinic: the ISV's own id for it" },
      {
        flags: '--since <time>',
        summary:
          'list at least from this time on (RFC 3339); default 48 hours before the last listing, at first 30 days back',
      },
      {
        flags: '--until <time>',
        summary: 'begin nothing after this time (RFC 3339), which is in the future; default 12 hours from now',
      },
      { flags: '--watch', summary: 'stay, and run again and again' },
      { flags: '--interval <how>', summary: 'when to run again: as the busiest mailbox needs it', choices: ['auto'] },
    ],
    run: (asked, terminal) =>
      withPortal(parts, terminal, (access, around) => {
        const options = optionsOf(asked, around.world.now());
        return typeof options === 'string' ? usage(terminal, options) : pullInto(access, options, around);
      }),
  },
  {
    name: 'faxes fetch',
    summary: 'fetches the documents of one fax again',
    arguments: [{ name: '<id>', summary: "RingCentral's id of the message" }],
    options: [folder],
    run: (asked, terminal) =>
      withPortal(parts, terminal, (access, around) => {
        const id = String(asked['id']);
        return /^\d{1,20}$/.test(id)
          ? refetchFax(access, String(asked['to']), id, around)
          : usage(terminal, 'the id must be digits');
      }),
  },
  ...(['status', 'verify'] as const).map((what): CliCommand => ({
    name: `faxes ${what}`,
    summary:
      what === 'status'
        ? 'prints for each line when it was read, and each fax that is not there, as JSON'
        : 'compares the files with what was fetched; 1: a file is damaged',
    options: [folder],
    run: (asked, terminal) =>
      around(parts, terminal, (pullAround) => inspectFolder(what, String(asked['to']), pullAround)),
  })),
];

export const faxCommands = faxCommandsIn({ environment: processEnvironment });

function usage({ fail }: Terminal, line: string): number {
  fail(line);
  return USAGE_ERROR;
}

function optionsOf({ to, tenant, since, until, watch }: Asked, now: Date): PullOptions | string {
  const [from, end] = [timeOf(since), timeOf(until)];
  if (from === null) return '--since must be a time such as 2026-11-30T00:00:00Z';
  if (end === null) return '--until must be a time such as 2026-11-30T06:00:00Z';
  if (end && end <= now) return `--until must be in the future: now it is ${now.toISOString()}`;
  if (tenant === '' || to === '') return '--to and --tenant must not be empty';
  const externalRef = tenant === undefined ? undefined : String(tenant).replace(/^ref:/, '');
  return { folder: String(to), externalRef, since: from, until: end, isWatching: watch === true };
}

/** @returns null if the text is no time with an offset */
function timeOf(text: Asked[string]): Date | undefined | null {
  if (text === undefined) return undefined;
  const isTime = z.iso.datetime({ offset: true }).safeParse(text).success;
  const time = new Date(String(text));
  return isTime && !Number.isNaN(time.getTime()) ? time : null;
}

type WithPortal = (
  access: Exclude<ReturnType<typeof portalAccess>, unknown[]>,
  pullAround: PullSurroundings,
) => Promise<number> | number;

async function withPortal(parts: FaxCommandParts, terminal: Terminal, work: WithPortal): Promise<number> {
  const access = portalAccess(parts.environment());
  if (Array.isArray(access)) return usage(terminal, problemLines(access).join('\n'));
  return around(parts, terminal, async (pullAround) => work(access, pullAround));
}

/** Files are for this user only; SIGTERM and SIGINT end the work in order, and a second one at once. */
async function around(
  { around: replaced }: FaxCommandParts,
  { say, fail }: Terminal,
  work: (pullAround: PullSurroundings) => Promise<number>,
): Promise<number> {
  const umask = process.umask(ONLY_ME);
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  process.once('SIGTERM', onSignal).once('SIGINT', onSignal);
  const { stderr } = process;
  try {
    return await work({
      world: realWorld,
      clock: () => performance.now(),
      uptime: () => uptime() * SECOND_MS,
      signal: stop.signal,
      screen: {
        columns: () => (stderr.isTTY ? stderr.columns || 80 : null),
        write: (text) => void stderr.write(text),
      },
      say,
      note: (line) => void fail(line),
      ...replaced,
    });
  } finally {
    process.off('SIGTERM', onSignal).off('SIGINT', onSignal);
    process.umask(umask);
  }
}
