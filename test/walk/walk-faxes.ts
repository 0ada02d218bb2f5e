import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DemoWorld } from '../../src/demo/demo-world.js';
import { pullInto, type PortalAccess } from '../../src/faxes/run/pull-into.js';
import { realWorld } from '../../src/platform/world.js';
import { expect, type Step } from './walk-step.js';

type Total = Record<'pulled' | 'new' | 'fetched' | 'pending' | 'failed' | 'lost' | 'gaps', number>;

/** The job of the night: every fax of both clinics, whichever way they are connected, into a folder, once. */
export async function walkThroughFaxes(
  world: DemoWorld,
  access: PortalAccess,
  extensions: string[],
  step: Step,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-faxes-'));
  try {
    const wanted = extensions.flatMap((id) => world.emulator.messagesOf(id));
    const first = await step('latchkey faxes pull read every fax line of both clinics in one run', () =>
      pull(world, access, folder),
    );
    await step(`its summary: ${summaryOf(first)}`, () => {
      const documents = filesIn(folder, '.pdf');
      expect(wanted.length > 0 && first.fetched === wanted.length, `the mailboxes hold ${wanted.length} faxes`);
      expect(documents.length === wanted.length, `the folder holds ${documents.length} documents`);
      expect(
        documents.every((path) => readFileSync(path).subarray(0, 5).toString() === '%PDF-'),
        'not each is a PDF',
      );
      return Promise.resolve();
    });
    await step('a second pull fetched nothing', async () => {
      const second = await pull(world, access, folder);
      expect(second.fetched === 0 && second.new === 0, summaryOf(second));
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const summaryOf = ({ new: listed, fetched, pending, failed, lost, gaps }: Total): string =>
  `${listed} new, ${fetched} fetched, ${pending} pending, ${failed} failed, ${lost} lost, ${gaps} gaps`;

/** @returns the last line that the command printed */
async function pull({ now }: DemoWorld, access: PortalAccess, folder: string): Promise<Total> {
  const [said, noted]: [string[], string[]] = [[], []];
  const code = await pullInto(
    access,
    { folder },
    {
      world: { ...realWorld, now },
      clock: () => performance.now(),
      uptime: () => performance.now(),
      signal: new AbortController().signal,
      screen: { columns: () => null, write: () => undefined },
      say: (line) => void said.push(line),
      note: (line) => void noted.push(line),
    },
  );
  expect(code === 0, `exit ${code}: ${noted.join('; ')} ${said.join(' ')}`);
  return JSON.parse(said.at(-1) ?? '{}') as Total;
}

const filesIn = (folder: string, ending: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name));
