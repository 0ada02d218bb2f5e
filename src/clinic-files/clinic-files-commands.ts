import { createReadStream } from 'node:fs';
import type { Actor } from '../audit/audit-events.js';
import type { CliCommand, CommandRun, Terminal } from '../app/cli-command.js';
import type { World } from '../platform/world.js';
import { wholeNumber } from '../platform/http/view-helpers.js';
import { english } from '../texts/texts.js';
import type { FileFacts } from './csv/check-file.js';
import type { FileBytes } from './csv/decode.js';
import { UnreadableFile } from './csv/file-problem.js';
import type { ImportService } from './import-service.js';
import { isOpen } from './import-store.js';
import type { ClinicImport, ImportCounts, LineProblem } from './import-types.js';
import { fileProblemText, lineProblemText } from './problem-texts.js';

export const importCommand: CliCommand = {
  name: 'tenants import',
  summary: 'checks a CSV file of clinics; with --apply it adds and updates them',
  arguments: [{ name: '<file>', summary: 'columns external_ref, name, admin_email, language, time_zone, environment' }],
  options: [
    { flags: '--apply', summary: 'import the clinics after the check, and invite their people' },
    { flags: '--skip-bad-rows', summary: 'import the other rows if some have problems' },
    { flags: '--again', summary: 'import a file once more that was imported before' },
    { flags: '--no-wait', summary: 'do not wait until the worker has imported them' },
  ],
};

export const listCommand: CliCommand = {
  name: 'tenants list',
  summary: 'prints all clinics as CSV, as tenants import reads them, with state, cause and since when',
};

const MOST_MEGABYTES = 100;
const MOST_PRINTED = 1000;
const LOOK_EVERY_MS = 1000;
const actor = { kind: 'command_line' } as const;
const number = (value: number) => wholeNumber(value, 'en');

type Deps = { service: ImportService; world: Pick<World, 'wait'> };

/** Reads the file twice, a piece at a time. The worker does the work; a command that was ended goes on where it was. */
export function runImportCommand({ service, world }: Deps): CommandRun {
  async function survey(file: FileBytes): Promise<FileFacts | string> {
    try {
      return await service.survey(file, MOST_MEGABYTES * 1024 * 1024);
    } catch (error) {
      if (error instanceof UnreadableFile) return fileProblemText(error.problem, english, MOST_MEGABYTES);
      if (isFileError(error)) return `the file cannot be read: ${String(error.code)}`;
      throw error;
    }
  }

  async function check(file: FileBytes, facts: FileFacts, { say }: Terminal): Promise<number> {
    let bad = 0;
    for await (const { line, problems } of service.rows(file, facts)) {
      if (problems.length === 0) continue;
      bad += 1;
      if (bad <= MOST_PRINTED) say(lineOf(line, problems));
    }
    if (bad > MOST_PRINTED) say(`and ${number(bad - MOST_PRINTED)} more rows with problems`);
    say(`${number(facts.rows)} rows, ${number(bad)} with problems`);
    return bad;
  }

  async function follow(id: string, { say }: Terminal): Promise<number> {
    let shown = '';
    for (;;) {
      const [file, counts] = [await service.find(id), await service.counts(id)];
      if (!file) return 1;
      const now = `${number(file.total - counts.waiting)} of ${number(file.total)}`;
      if (now !== shown) say(now);
      shown = now;
      if (file.state !== 'running') return report(file, counts, say);
      await world.wait(LOOK_EVERY_MS);
    }
  }

  return async (asked, terminal) => {
    const { say, fail } = terminal;
    const file: FileBytes = () => createReadStream(String(asked.file));
    const facts = await survey(file);
    if (typeof facts === 'string') return fail(facts);
    const before = await service.findByHash(facts.hash);
    if (asked.apply !== true) {
      const bad = await check(file, facts, terminal);
      if (before) say(`this file was ${before.state === 'checked' ? 'uploaded' : 'imported'} before: ${before.state}`);
      say('nothing was changed; add --apply to import');
      return bad === 0 ? 0 : 1;
    }
    if (before?.state === 'finished' && asked.again !== true) {
      say('this file was imported already; add --again to import it once more');
      return report(before, await service.counts(before.id), say);
    }
    if (before && isOpen(before)) say('goes on with the import of this file');
    if (before?.state !== 'running') {
      const bad = await check(file, facts, terminal);
      if (bad === facts.rows) return fail('no row can be imported');
      if (bad > 0 && asked.skipBadRows !== true)
        return fail('nothing was changed; fix these rows, or add --skip-bad-rows to import the others');
    }
    const stored = await service.store(file, facts, actor);
    await service.start(stored, actor);
    if (asked.wait !== false) return follow(stored.id, terminal);
    say('the worker imports them');
    return 0;
  };
}

/** For a file: `latchkey tenants list > clinics.csv`. */
export const runListCommand =
  (listed: (actor: Actor) => Promise<AsyncIterable<string>>): CommandRun =>
  async (_asked, { say }) => {
    for await (const lines of await listed(actor)) if (lines !== '') say(lines.replace(/\r\n$/, '\r'));
    return 0;
  };

const lineOf = (line: number, problems: readonly LineProblem[]): string =>
  problems
    .map((problem) => `line ${line}, ${problem.column ?? 'whole row'}: ${lineProblemText(problem, english)}`)
    .join('\n');

function report(file: ClinicImport, counts: ImportCounts, say: Terminal['say']): number {
  const { created, changed, unchanged, refused, invitations } = counts;
  say(
    `${file.state}: ${number(created)} added, ${number(changed)} updated, ${number(unchanged)} unchanged, ` +
      `${number(refused)} with problems; ${number(invitations.waiting)} invitations still to send`,
  );
  return file.state === 'finished' && refused === 0 ? 0 : 1;
}

const isFileError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error &&
  'syscall' in error &&
  ['ENOENT', 'EACCES', 'EISDIR', 'EPERM'].includes(String((error as NodeJS.ErrnoException).code));
