import { readFileSync } from 'node:fs';
import { aDatabaseUrl, isPostgres } from '../support/database/databases.js';
import { makeLink } from '../hand-offs/support.js';
import { TestPortal } from '../support/portal.js';
import { columnsOf } from './support/schema.js';

const DAY = 24 * 3600_000;

describe('SEC-59: after the offboarding and its schedule', () => {
  it('no name, address or secret of the clinic is in a table, a file, the log or the queue of mails', async () => {
    const databaseUrl = await aDatabaseUrl();
    const test = await TestPortal.start({ databaseUrl });
    try {
      const north = await test.addTenant('Quimbaya Kinderklinik');
      const south = await test.addTenant('South Clinic');
      const alice = await test.member(north, 'Alondra Zwiebel');
      await test.member(south, 'Sam South');
      const { jwt } = test.assertion('riverside');
      await alice.get(`/tenants/${north}/credentials/new`);
      await alice.post(`/tenants/${north}/credentials`, { assertion: jwt });
      await makeLink(alice, north);
      const [person] = await test
        .db('people')
        .where({ name: 'Alondra Zwiebel' })
        .select<{ id: string; email: string }[]>();
      await test.portal.services.invitations.invite({
        tenantId: north,
        email: 'wartend@quimbaya.example',
        invitedBy: person!.id,
      });
      const asked = { name: 'Quimbaya nightly', purpose: 'faxes', scopes: ['tokens:issue'], expires: '' };
      await test.portal.services.apiKeys.make(
        { ...asked, tenantRefs: ['ref-quimbaya-kinderklinik'] },
        { actor: { kind: 'command_line' } },
      );
      const lines = await test.db('fax_lines').where({ tenant_id: north }).select<{ name: string }[]>('name');
      const [connection] = await test.db('connections').where({ tenant_id: north }).select<Record<string, string>[]>();
      const names = [...lines.map(({ name }) => name), connection!.owner_name!, connection!.account_name!];
      const needles = [
        'Quimbaya',
        'quimbaya',
        'Alondra',
        'Zwiebel',
        'wartend',
        person!.email,
        jwt.slice(-60),
        ...names,
      ];
      const fingerprint = await test.db('credentials').where({ tenant_id: north }).pluck<string[]>('fingerprint');
      needles.push(...fingerprint);

      const bytes = () =>
        ['', '-wal', '-journal']
          .map((end) => {
            try {
              return readFileSync(`${databaseUrl.slice('sqlite:'.length)}${end}`, 'latin1');
            } catch {
              return '';
            }
          })
          .join('');
      /** What is found by a query over every column of every table, and on SQLite in the bytes of the files. */
      async function found(): Promise<string[]> {
        const hits: string[] = [];
        for (const { table, name, type } of await columnsOf(test.db)) {
          if (!/text|char/.test(type)) continue;
          for (const needle of needles) {
            const row = await test
              .db(table)
              .where(name, 'like', `%${needle.replaceAll(/[%_\\]/g, '')}%`)
              .first(name);
            if (row) hits.push(`${table}.${name}: ${needle}`);
          }
        }
        if (!isPostgres) hits.push(...needles.filter((needle) => bytes().includes(needle)).map((it) => `file: ${it}`));
        return hits;
      }
      expect((await found()).length).toBeGreaterThan(needles.length / 2);
      await test.portal.services.offboarding.offboard(north, { kind: 'command_line' });
      test.clock.advance(30 * DAY + 60_000);
      // The names of the south stay; the emulator's clinic of the north alone is looked for.
      for (let round = 0; round < 3; round += 1) {
        await test.portal.clean();
        await new Promise((resolve) => setImmediate(resolve));
      }
      expect(await test.db('offboardings').whereNotNull('erased_at')).toHaveLength(1);
      expect(await found()).toEqual([]);
      expect(await test.portal.services.tenants.find(south)).toMatchObject({ name: 'South Clinic' });
    } finally {
      await test.close();
    }
  });
});
