// Runs for 130 s
import { writeFileSync } from 'node:fs';
import { setTimeout as pass } from 'node:timers/promises';
import { join } from 'node:path';
import { openDatabase, type Knex } from '../../src/platform/database/database.js';
import { aDatabaseUrl, isPostgres } from '../support/database/databases.js';
import { onStage } from '../support/processes/real-processes.js';
import { seededRandom } from '../support/strict-limiter.js';
import type { Patch } from '../drill/source-copy.js';

const CLINICS = isPostgres ? 1000 : 10_000;
/** The rules are the same; a run cannot wait a minute after each kill. */
const shortLease: Patch = {
  file: 'src/clinic-files/import-worker.ts',
  find: 'const LEASE_MS = 60_000;',
  replace: 'const LEASE_MS = 500;',
};

async function count(rows: Knex.QueryBuilder): Promise<number> {
  const [row] = await rows.count<{ count: number | string }[]>({ count: '*' });
  return Number(row?.count);
}

/** Kills the command while it stores the file, then two workers while they import; then says what there is. */
async function killedImport(clinics: number, databaseUrl: string, seed: number) {
  const random = seededRandom(seed);
  return onStage({ patches: [shortLease], databaseUrl, perMinute: 1000 }, async ({ installation, start, command }) => {
    const folder = join(installation.environment.worker.SEALING_KEYS_FILE ?? '', '..');
    const file = join(folder, 'clinics.csv');
    const rows = Array.from({ length: clinics }, (_, at) => `K-${at},"Clinic ${at}, Inc.",,es,America/Denver\r\n`);
    writeFileSync(file, `external_ref,name,admin_email,language,time_zone\r\n${rows.join('')}`);
    const env = { ...installation.environment.worker, IMPORT_INVITATIONS_PER_MINUTE: '10000' };
    const apply = () => command(['tenants', 'import', file, '--apply', '--no-wait'], { env });
    const db = openDatabase(databaseUrl);
    const imported = () => db('clinic_import_lines').select('tenant_id');
    const linesNow = () => count(db('clinic_import_lines'));
    const hasLines = async (child: ReturnType<typeof apply>) => {
      const before = await linesNow();
      const ended = { isOver: false };
      void child.exited.then(() => (ended.isOver = true));
      while (!ended.isOver && (await linesNow()) === before) await pass(10);
    };
    try {
      const cut = [];
      for (let kill = 0; kill < 2; kill += 1) {
        const child = apply();
        await hasLines(child);
        await pass(random() * 200);
        await child.kill9();
        cut.push(await linesNow());
      }
      const last = apply();
      expect(await last.exited).toMatchObject({ code: 0 });
      const workers = start('worker', 2, env);
      let kills = 0;
      const refs = new Set<number>();
      while ((await count(db('clinic_imports').where({ state: 'finished' }))) === 0) {
        await pass(300 + random() * 1500);
        refs.add(await count(db('tenants')));
        if (kills < 12) await workers[kills % 2]?.kill();
        kills += 1;
      }
      await Promise.all(workers.map((worker) => worker.end()));
      return {
        cut,
        said: last.lines.stdout,
        seenUnderWay: refs.size,
        kills: Math.min(kills, 12),
        imports: await count(db('clinic_imports')),
        lines: await count(db('clinic_import_lines')),
        created: await count(db('clinic_import_lines').where({ state: 'created' })),
        tenants: await count(db('tenants').whereIn('id', imported()).andWhere('external_ref', 'like', 'K-%')),
        acts: await count(db('audit_events').where({ action: 'tenant.created' }).whereIn('tenant_id', imported())),
      };
    } finally {
      await db.destroy();
    }
  });
}

it(`an import of ${CLINICS} clinics that is killed at random and goes on has each of them exactly once`, async () => {
  const { cut, said, seenUnderWay, kills, ...counted } = await killedImport(CLINICS, await aDatabaseUrl(), 20261130);
  expect(counted).toEqual({
    imports: 1,
    lines: CLINICS,
    created: CLINICS,
    tenants: CLINICS,
    acts: CLINICS,
  });
  // The kills met work that was under way.
  expect(cut[0]).toBeGreaterThan(0);
  expect(said.join()).toContain('goes on with the import of this file');
  expect({ isUnderWay: seenUnderWay > 2, isKilled: kills > 2 }).toEqual({ isUnderWay: true, isKilled: true });
}, 400_000);
