import { openDatabase } from '../../src/platform/database/database.js';
import { aDatabaseUrl, everyRow, isPostgres } from '../support/database/databases.js';
import { runScript } from '../support/processes/processes.js';

/** Generous, for a machine that is busy with other work. */
const MOST_WAIT_MS = 180_000;

it(
  'npm run demo -- --walk completes the journey of a clinic and leaves a portal in the same database alone',
  async () => {
    const url = await aDatabaseUrl();
    const db = openDatabase(url);
    await db('tenants').insert({ id: 'ours', external_ref: 'ours', name: 'North Clinic', created_at: 'x' });
    const before = await everyRow(db);
    const { code, stdout, stderr } = await runScript('src/demo.ts', { args: ['--walk'], env: { DATABASE_URL: url } });
    const lines = stdout.split('\n');
    expect({ notOk: lines.filter((line) => !/^ok \d+ \S/.test(line)), stderr }).toEqual({ notOk: [], stderr: '' });
    expect(lines.map((line) => Number(line.split(' ')[1]))).toEqual(lines.map((_line, index) => index + 1));
    expect(lines.length).toBeGreaterThan(20);
    expect(code).toBe(0);
    expect(await everyRow(db)).toEqual(before);
    if (isPostgres) expect(await db('pg_namespace').where('nspname', 'like', 'latchkey%')).toEqual([]);
    await db.destroy();
  },
  MOST_WAIT_MS,
);
