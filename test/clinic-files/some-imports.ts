import { surveyFile } from '../../src/clinic-files/csv/check-file.js';
import type { TestPortal } from '../support/portal.js';

const by = { kind: 'command_line' } as const;
const rows = [
  'import-1,Import One,one@clinic.example,es,America/Denver,production',
  `import-2,${'W'.repeat(200)},,,,`, // as long as a name may be, and a single word
  'twice,One,,,,',
  'twice,Two,,,,',
  'bad,Bad,not an address,xx,Mars/Base,moon',
  'short,Short',
];

/** Files in every state that a page shows, by state. No worker changes them. */
export async function someImports({ portal, db, clock }: TestPortal): Promise<Record<string, string>> {
  const { imports } = portal.services;
  const lease = { claimed_by: 'another worker', lease_until: new Date(clock().getTime() + 1e9).toISOString() };
  const ids: Record<string, string> = {};
  for (const state of ['checked', 'running', 'finished', 'stopped', 'loading', 'nothing']) {
    const shown = state === 'nothing' ? rows.slice(2) : rows;
    const text = `external_ref,name,admin_email,language,time_zone,environment\n${shown.join('\n')}\n${'\n'.repeat(Object.keys(ids).length)}`;
    const file = async function* () {
      yield await Promise.resolve(Buffer.from(text));
    };
    const { id } = await imports.store(file, await surveyFile(file, { mostBytes: 100_000 }), by);
    ids[state] = id;
    if (state === 'checked' || state === 'nothing') continue;
    const ended = state === 'finished' || state === 'stopped' ? { ended_at: clock().toISOString() } : {};
    await db('clinic_imports')
      .where({ id })
      .update({ state, ...ended, ...(state === 'running' && lease) });
    if (state === 'finished' || state === 'running')
      await db('clinic_import_lines')
        .queryContext({ acrossTenants: 'test' })
        .where({ import_id: id, state: 'waiting', ...(state === 'running' && { line: 2 }) })
        .update({ state: 'created', name: '', admin_email: '' });
  }
  return ids;
}
