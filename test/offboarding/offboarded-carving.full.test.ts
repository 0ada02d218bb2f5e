import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { surveyFile } from '../../src/clinic-files/csv/check-file.js';
import { eventTypes } from '../../src/notifications/event-store.js';
import { privateKeySealing } from '../../src/platform/sealing/sealing.js';
import { newSigningKey } from '../../src/platform/signed-notes/signing-keys.js';
import { aDatabaseUrl, isPostgres } from '../support/database/databases.js';
import { eventually } from '../support/eventually.js';
import { makeLink } from '../hand-offs/support.js';
import { TestPortal } from '../support/portal.js';
import { columnsOf } from './support/schema.js';

const DAY = 24 * 3600_000;
const by = { kind: 'command_line' } as const;

/** A program that gets webhooks, and repeats each in its answer, as a server that reports an error may. */
async function echoing(status: number): Promise<{ url: string; server: Server }> {
  const server = createServer((req, res) => {
    res.statusCode = status;
    req.pipe(res);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/in`, server };
}

describe('SEC-59: after the offboarding and its schedule', () => {
  let test: TestPortal;
  let databaseUrl: string;
  let north: string;
  let south: string;
  let needles: string[];
  const programs: { url: string; server: Server }[] = [];

  async function imported(...rows: string[]) {
    const text = `external_ref,name,admin_email,language,time_zone,environment\n${rows.join('\n')}\n`;
    const file = async function* () {
      yield await Promise.resolve(Buffer.from(text));
    };
    const { imports } = test.portal.services;
    return imports.store(file, await surveyFile(file, { mostBytes: 10_000 }), by);
  }
  const deliveriesIn = async (state: string) => {
    const rows = test
      .db('webhook_deliveries')
      .queryContext({ acrossTenants: 'test' })
      .where({ tenant_id: north, state });
    return rows.pluck<string[]>('id');
  };
  const receipts = () =>
    test.db('disconnections').where({ tenant_id: north }).whereNotNull('receipt').pluck<string[]>('id');
  const waitingMails = () =>
    test.db('outbox').where({ tenant_id: north }).whereNull('finished_at').pluck<string[]>('id');
  const until = (what: string, isSo: () => Promise<boolean>) =>
    eventually(what, async () => {
      test.portal.look();
      return isSo();
    });

  /** A clinic with all that a clinic can have: people, links, keys, a connection, an import, webhooks. */
  beforeAll(async () => {
    databaseUrl = await aDatabaseUrl();
    const env = { RETENTION_ERASURE_DAYS: '8', AUDIT_SIGNING_KEY_FILE: newSigningKey() };
    test = await TestPortal.start({ databaseUrl, env, runtime: { webhookNetwork: { loopback: true } } });
    await test.portal.begin();
    programs.push(await echoing(200), await echoing(500));
    for (const [at, { url }] of programs.entries()) {
      // The one that fails has one event at first, so that each of its tries is of that one.
      const types = at === 0 ? eventTypes : (['connection.connected', 'connection.disconnected'] as const);
      const asked = { url, description: 'Tickets', eventTypes: types };
      const made = await test.portal.services.webhooks.make(asked, { actor: by }, `of-${url}`);
      if (!made.ok) throw new Error(JSON.stringify(made));
    }
    // When the file was checked, the clinic was not there, or was in another environment.
    const early = await imported(
      'ref-quimbaya-kinderklinik,Quimbaya Kinderklinik,direktion@quimbaya.example,es,Europe/Madrid,biz',
    );
    north = await test.addTenant('Quimbaya Kinderklinik');
    south = await test.addTenant('South Clinic');
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
    const waiting = { tenantId: north, email: 'wartend@quimbaya.example', invitedBy: person!.id };
    await test.portal.services.invitations.invite(waiting);
    const asked = { name: 'Quimbaya nightly', purpose: 'faxes', scopes: ['tokens:issue'], expires: '' };
    const refs = { tenantRefs: ['ref-quimbaya-kinderklinik'] };
    await test.portal.services.apiKeys.make({ ...asked, ...refs }, { actor: by });
    const lines = await test.db('fax_lines').where({ tenant_id: north }).select<{ name: string }[]>('name');
    const [connection] = await test.db('connections').where({ tenant_id: north }).select<Record<string, string>[]>();
    const names = [...lines.map(({ name }) => name), connection!.owner_name!, connection!.account_name!];
    const words = ['Quimbaya', 'quimbaya', 'Alondra', 'Zwiebel', 'direktion', 'wartend'];
    const fingerprints = await test.db('credentials').where({ tenant_id: north }).pluck<string[]>('fingerprint');
    needles = [...words, person!.email, jwt.slice(-60), ...names, ...fingerprints];

    const { imports } = test.portal.services;
    const good = await imported(
      'ref-quimbaya-kinderklinik,Quimbaya Kinderklinik,direktion@quimbaya.example,es,Europe/Madrid,',
      'quimbaya-zwei,Quimbaya Zwei,not an address of Zwiebel,,,',
    );
    const stopped = await imported('quimbaya-drei,Quimbaya Drei,drei@quimbaya.example,,,');
    for (const file of [early, good]) expect(await imports.start(file, by)).toBe(true);
    expect(await imports.stop(stopped, by)).toBe(true);
    await until('the imports are finished', async () =>
      (await imports.newest()).every(({ state }) => state === 'finished' || state === 'stopped'),
    );
    expect(await imports.counts(early.id)).toMatchObject({ refused: 1 });
    expect(await imports.counts(good.id)).toMatchObject({ changed: 1, refused: 1 });
    expect(await imports.counts(stopped.id)).toMatchObject({ waiting: 1 });
    await until('an event is delivered', async () => (await deliveriesIn('delivered')).length > 0);
    test.clock.advance(76 * 3600_000);
    await until('an event is given up', async () => (await deliveriesIn('gave_up')).length > 0);
  });
  afterAll(async () => {
    await test.close();
    for (const { server } of programs) server.close();
  });

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
  /** What is in the mails that are kept, opened as the worker opens them. */
  async function mailsKept(): Promise<string> {
    const { open } = await privateKeySealing(JSON.parse(test.env.SEALING_KEYS_FILE ?? ''));
    type Kept = { id: string; tenant_id: string | null; kind: string; sealed: string };
    const rows = test.db('outbox').queryContext({ acrossTenants: 'test' }).whereNot({ sealed: '' });
    const texts: string[] = [];
    for (const { id, tenant_id: tenantId, kind, sealed } of (await rows) as Kept[])
      texts.push(await open(sealed, { table: 'outbox', tenantId: tenantId ?? '', rowId: id, purpose: kind }));
    return texts.join('\n');
  }
  /** What is found by a query over every column of every table, in the mails, and on SQLite in the bytes of the files. */
  async function found(): Promise<string[]> {
    const hits: string[] = [];
    for (const { table, name, type } of await columnsOf(test.db)) {
      if (!/text|char/.test(type)) continue;
      for (const needle of needles) {
        const like = `%${needle.replaceAll(/[%_\\]/g, '')}%`;
        if (await test.db(table).where(name, 'like', like).first(name)) hits.push(`${table}.${name}: ${needle}`);
      }
    }
    const mails = await mailsKept();
    hits.push(...needles.filter((needle) => mails.includes(needle)).map((it) => `mail: ${it}`));
    if (!isPostgres) hits.push(...needles.filter((needle) => bytes().includes(needle)).map((it) => `file: ${it}`));
    return hits;
  }
  const placesOf = (hits: readonly string[]) => [...new Set(hits.map((hit) => hit.split(': ')[0]!))];

  it('no name, address or secret of the clinic is in a table, a file, the log or the queue of mails', async () => {
    test.mail.setFault({ kind: 'refuse', code: 451, at: 'recipient' });
    await test.portal.services.offboarding.offboard(north, by);
    test.clock.advance(7 * DAY + 60_000);
    await test.portal.clean(); // the week of the JWT is over
    await until('there is a receipt', async () => (await receipts()).length === 1);
    expect((await waitingMails()).length).toBeGreaterThan(1);
    const before = placesOf(await found());
    for (const place of ['clinic_import_lines.external_ref', 'webhook_deliveries.body', 'webhook_attempts.excerpt'])
      expect(before).toContain(place);
    expect(before).toEqual(expect.arrayContaining(['disconnections.receipt', 'events.body', 'mail', 'tenants.name']));
    test.clock.advance(DAY);
    // Housekeeping shortens the WAL too. The names of the south stay.
    for (let round = 0; round < 3; round += 1) {
      await test.portal.clean();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await test.db('offboardings').whereNotNull('erased_at')).toHaveLength(1);
    expect(await found()).toEqual([]);
    expect(test.logs.filter((line) => needles.some((needle) => line.includes(needle)))).toEqual([]);
    expect(await test.portal.services.tenants.find(south)).toMatchObject({ name: 'South Clinic' });
    for (const kept of ['webhook_deliveries', 'clinic_import_lines', 'disconnections'])
      expect(await test.db(kept).where({ tenant_id: north })).not.toEqual([]);
  });
});
