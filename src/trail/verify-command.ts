import type { CliCommand, Terminal } from '../app/cli-command.js';
import { problemLines, readDatabaseUrl } from '../config.js';
import { openDatabase, type Knex } from '../platform/database/database.js';
import { openingProblem } from '../platform/database/opening-problem.js';
import { bytesOf, keysOf } from '../platform/signed-notes/given-keys.js';
import { parseNoteKey, type NoteKey } from '../platform/signed-notes/signed-note.js';
import { publishedKeys } from '../receipts/published-keys.js';
import { storedTrail } from './stored-trail.js';
import { trailStore } from './trail-store.js';
import { verifyTrail } from './verify.js';

const USAGE_ERROR = 2;

/** Needs `DATABASE_URL` alone, so that it runs on a copy of the database on any machine. */
export const auditVerify: CliCommand = {
  name: 'audit verify',
  summary: 'says whether the audit is exactly what was sealed, and names the first bad row',
  options: [
    {
      flags: '--key <key>',
      summary: 'a public key, or a file of them, that you have from a place you trust: /.well-known/latchkey-keys',
    },
    { flags: '--checkpoint <file>', summary: 'a signed checkpoint that you kept elsewhere' },
  ],
  run: async ({ key, checkpoint }, terminal) => {
    const { fail } = terminal;
    const trusted = typeof key === 'string' ? keysOf(key) : null;
    if (trusted?.length === 0) return usage(fail, '--key is neither a public key nor a file with one a line');
    const older = typeof checkpoint === 'string' ? bytesOf(checkpoint)?.toString('utf8') : undefined;
    if (typeof checkpoint === 'string' && older === undefined) return usage(fail, `${checkpoint} cannot be read`);
    const parsed = readDatabaseUrl();
    if (!parsed.ok) return fail(...problemLines(parsed.problems));
    let db: Knex | undefined;
    try {
      db = openDatabase(parsed.url, { mustExist: true });
      await db('audit_tree').first();
    } catch (error) {
      await db?.destroy();
      return fail(`DATABASE_URL ${openingProblem(error)}`);
    }
    try {
      return await verifyDatabase(db, { trusted, older }, terminal);
    } finally {
      await db.destroy();
    }
  },
};

const usage = (fail: Terminal['fail'], line: string): number => {
  fail(line);
  return USAGE_ERROR;
};

type Asked = { trusted: readonly NoteKey[] | null; older: string | undefined };

/** @returns the exit code */
export async function verifyDatabase(db: Knex, { trusted, older }: Asked, { say, fail }: Terminal): Promise<number> {
  const keys = trusted ?? (await publishedKeys(db)).flatMap((vkey) => parseNoteKey(vkey) ?? []);
  const stored = await storedTrail(db);
  const verdict = await verifyTrail({ ...stored, older: older === undefined ? [] : [older], keys });
  if (!verdict.ok) return fail(`bad: row ${verdict.row}: ${verdict.problem}`);
  const { size, root, checkpoints, unsigned } = verdict;
  say(`good: ${size} rows are exactly those that were sealed.`);
  say(`root: ${root}`);
  say(`proved since: ${(await trailStore(db).beganAt()) ?? 'nothing was sealed yet'}`);
  say(`not sealed yet: ${await trailStore(db).unsealedCount()} rows`);
  say(`checkpoints: ${checkpoints}, of which ${unsigned} have no signature`);
  if (!trusted)
    say('The keys were taken from the database itself. Give the one you trust with --key, to know who signed.');
  if (older === undefined)
    say('No checkpoint from elsewhere was given. A trail that was replaced as a whole would look the same.');
  else say('The rows continue the checkpoint that you gave.');
  return 0;
}
