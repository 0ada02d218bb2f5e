import request from 'supertest';
import fc from 'fast-check';
import { invitationReminders } from '../../../src/accounts/invitations/invitation-reminders.js';
import { accountMails } from '../../../src/accounts/people/account-mails.js';
import { openDatabase, transactionOn, type Knex } from '../../../src/platform/database/database.js';
import type { EnqueueMessage } from '../../../src/platform/outbox.js';
import { realWorld } from '../../../src/platform/world.js';
import { tenantService } from '../../../src/tenants/tenant-service.js';
import { textsIn } from '../../../src/texts/texts.js';
import { aDatabaseUrl, isPostgres } from '../../support/database/databases.js';
import { anAccountsPortal, aPassword, brand, type AccountsPortal } from '../support.js';

const HOUR = 3600_000;
const DAY = 24 * HOUR;
let portal: AccountsPortal;
let count = 0;
let north: string;
let email: string;
beforeAll(async () => {
  portal = await anAccountsPortal({ publicUrl: 'https://portal.example' });
});
afterAll(() => portal.close());
beforeEach(async () => {
  count += 1;
  portal.pass(30 * DAY);
  await portal.remind();
  email = `carol@north${count}.example`;
  north = await portal.aTenant(`North Clinic ${count}`);
  portal.asked.length = 0;
  portal.mails.length = 0;
});

/** Runs the worker every hour until this much time has passed; returns what it sends. */
async function after(milliseconds: number): Promise<string[]> {
  const before = portal.mails.length;
  for (let passed = 0; passed < milliseconds; passed += HOUR) {
    portal.pass(HOUR);
    await portal.remind();
    await portal.work();
  }
  return portal.mails.slice(before).map(({ to, subject }) => `${to} ${subject}`);
}
const reminderTo = (address = email) => `${address} Example Health: your invitation is still open`;
const linkIn = (text = '') => /\/invitations\/[\w-]{43}/.exec(text)?.[0] ?? '';
const optOutIn = (text = '') => /\/reminders\/[\w-]{43}/.exec(text)?.[0] ?? '';
const lastText = () => portal.mails.at(-1)?.text;
const rowOf = () => portal.db('invitations').where({ tenant_id: north }).first<{ id: string }>('id');
const optOuts = async () => (await portal.db('reminder_opt_outs').select()).length;

describe('an invitation that has not been accepted', () => {
  it('brings a reminder after two days and after five, and no others', async () => {
    await portal.invited(north, email);
    expect(await after(2 * DAY - HOUR)).toEqual([]);
    expect(await after(HOUR)).toEqual([reminderTo()]);
    expect(await after(3 * DAY - HOUR)).toEqual([]);
    expect(await after(HOUR)).toEqual([reminderTo()]);
    expect(await after(10 * DAY)).toEqual([]);
    const reminded = portal.db('audit_events').where({ tenant_id: north, action: 'invitation.reminded' }).select('id');
    expect(await reminded).toHaveLength(2);
  });

  it('has a working link in each email; together they work only once', async () => {
    const first = await portal.invited(north, email);
    await after(5 * DAY);
    const links = [first, ...portal.mails.slice(1).map(({ text }) => linkIn(text))];
    expect(new Set(links).size).toBe(3);
    for (const link of links) expect((await portal.browser().get(link)).status).toBe(200);
    const accepted = await portal.browser().post(links[1] ?? '', { name: 'Carol', password: aPassword });
    expect(accepted.headers.location).toBe(`/tenants/${north}/guide`);
    for (const link of links) expect((await portal.browser().get(link)).headers.location).toBe('/sign-in?notice=link');
  });

  it('SEC-06: stores the tokens of its links only as hashes', async () => {
    const first = await portal.invited(north, email);
    await after(2 * DAY);
    const texts = portal.mails.map(({ text }) => text);
    const secrets = [first, ...texts.flatMap((text) => [linkIn(text), optOutIn(text)])].map((it) =>
      it.split('/').at(-1),
    );
    const everything = await portal.everything();
    for (const secret of secrets) expect(everything).not.toContain(secret);
    expect(new Set(secrets).size).toBe(4);
  });

  it('does not name the tenant in a reminder', async () => {
    await portal.invited(north, email);
    await after(2 * DAY);
    expect(JSON.stringify(portal.mails)).not.toContain('North Clinic');
  });

  it.each<[string, () => Promise<unknown>]>([
    ['accepted', async () => portal.browser().post(linkIn(lastText()), { name: 'Carol', password: aPassword })],
    ['revoked', async () => portal.invitations.revoke(north, (await rowOf()).id, { actor: { kind: 'portal' } })],
    ['opted out of', async () => portal.browser().post(optOutIn(lastText()))],
    [
      'of a disabled person',
      async () => {
        await portal.aMember(await portal.aTenant(`Elsewhere ${count}`), email);
        await portal.db('people').where({ email }).update({ disabled_at: portal.now().toISOString() });
      },
    ],
  ])('that is %s brings no reminder, including one that already waits for the mail server', async (_what, end) => {
    await portal.invited(north, email);
    portal.pass(2 * DAY);
    await portal.remind();
    expect(portal.asked).toHaveLength(1);
    await end();
    portal.mails.length = 0;
    await portal.work();
    expect(await after(6 * DAY)).toEqual([]);
  });

  it('that was renewed or sent again brings reminders only for the newest link', async () => {
    const first = await portal.invited(north, email);
    portal.pass(8 * DAY);
    await portal.remind();
    portal.asked.length = 0;
    await portal.browser().post(`${first}/renewals`);
    portal.pass(HOUR);
    await portal.browser().post(`${first}/renewals`);
    expect(await after(6 * DAY)).toEqual([reminderTo(), reminderTo()]);
  });

  it('brings one reminder, not two, after the worker was down for days', async () => {
    await portal.invited(north, email);
    portal.pass(5.5 * DAY);
    expect(await after(HOUR)).toEqual([reminderTo()]);
    expect(await after(5 * DAY)).toEqual([]);
  });

  it('brings no reminder after its expiry', async () => {
    await portal.invited(north, email);
    portal.pass(7 * DAY);
    expect(await after(DAY)).toEqual([]);
  });
});

describe('opting out', () => {
  const oneClick = (path: string, type = 'application/x-www-form-urlencoded', body = 'List-Unsubscribe=One-Click') =>
    request(portal.server).post(path).set('Content-Type', type).send(body);

  it('needs the button of the page; opening the link, as mail scanners do, changes nothing', async () => {
    await portal.invited(north, email);
    const path = optOutIn(lastText());
    const before = await portal.everything();
    const browser = portal.browser();
    expect((await browser.get(path)).text).toContain('Stop reminders');
    await browser.head(path);
    expect(await portal.everything()).toBe(before);
    const stopped = await browser.post(path);
    expect((await browser.follow(stopped)).text).toContain('No more reminders');
    expect(await after(6 * DAY)).toEqual([]);
    const traces = portal.db('audit_events').where({ tenant_id: north, action: 'invitation.reminders_stopped' });
    expect(await traces.select('actor_kind')).toEqual([{ actor_kind: 'nobody' }]);
  });

  it('applies to all tenants and leaves the invitations valid', async () => {
    const south = await portal.aTenant(`South Clinic ${count}`);
    const first = await portal.invited(north, email);
    await portal.invited(south, email);
    expect(await after(2 * DAY)).toEqual([reminderTo(), reminderTo()]);
    await portal.browser().post(optOutIn(lastText()));
    expect(await after(4 * DAY)).toEqual([]);
    expect((await portal.browser().get(first)).status).toBe(200);
    await portal.invited(await portal.aTenant(`East Clinic ${count}`), `bob@north${count}.example`);
    expect(await after(2 * DAY)).toEqual([reminderTo(`bob@north${count}.example`)]);
  });

  it.each([
    ['a form', 'application/x-www-form-urlencoded', 'List-Unsubscribe=One-Click'],
    [
      'a multipart form',
      'multipart/form-data; boundary=x',
      '--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n',
    ],
  ])(
    'through the button of a mail program needs neither cookie nor token, sent as %s (RFC 8058)',
    async (_as, type, body) => {
      await portal.invited(north, email);
      const mail = portal.mails.at(-1);
      expect(mail?.unsubscribeUrl).toBe(`https://portal.example${optOutIn(mail?.text)}`);
      const answer = await oneClick(optOutIn(mail?.text), type, body);
      expect([answer.status, answer.text, answer.headers['set-cookie']]).toEqual([200, '', undefined]);
      expect(await after(6 * DAY)).toEqual([]);
    },
  );

  it('gives the same answer for every token, and a guessed token has no effect', async () => {
    await portal.invited(north, email);
    const mine = optOutIn(lastText());
    const before = await optOuts();
    const guessed = `/reminders/${'A'.repeat(43)}`;
    const told = [];
    for (const path of [guessed, '/reminders/x', mine]) {
      const [page, answer] = [await portal.browser().get(path), await oneClick(path)];
      const browser = portal.browser();
      await browser.get(path);
      const posted = await browser.post(path);
      const form = page.text.replaceAll(/value="[^"]*"|action="\/reminders[^"]*"|\/reminders\/[\w-]+/g, '');
      told.push(
        JSON.stringify([page.status, form, answer.status, answer.text, posted.status, posted.headers.location]),
      );
      if (path !== mine) expect(await optOuts()).toBe(before);
    }
    expect(new Set(told).size).toBe(1);
    expect(await optOuts()).toBe(before + 1);
  });

  it('SEC-13: a form of another site, which has no token, changes nothing', async () => {
    await portal.invited(north, email);
    const path = optOutIn(lastText());
    const before = await optOuts();
    for (const body of ['', 'x=1', 'List-Unsubscribe=No'])
      expect((await oneClick(path, undefined, body)).status).toBe(403);
    expect((await oneClick(path, 'multipart/form-data; boundary=x', '--x--\r\n')).status).toBe(415);
    expect(await optOuts()).toBe(before);
  });

  it('an invitation link does not stop reminders, and an opt-out link does not accept the invitation', async () => {
    await portal.invited(north, email);
    const before = await optOuts();
    const [link, optOut] = [linkIn(lastText()), optOutIn(lastText())].map((it) => it.split('/').at(-1));
    await oneClick(`/reminders/${link}`);
    expect(await optOuts()).toBe(before);
    expect((await portal.browser().get(`/invitations/${optOut}`)).headers.location).toBe('/sign-in?notice=link');
  });
});

describe('several workers, some of them killed', () => {
  it('write each reminder exactly once, whatever the interruptions and their order', async () => {
    const url = await aDatabaseUrl();
    // SQLite waits for its single writer without releasing the process, so its workers share a handle here.
    const opened = (isPostgres ? [0, 1, 2] : [0]).map(() => openDatabase(url));
    const handles = [0, 1, 2].map((n) => opened[n % opened.length] as Knex);
    let now = new Date('2026-11-21T12:00:00.000Z');
    const world = { ...realWorld, now: () => now };
    const inviting = await anAccountsPortal({ db: handles[0] as Knex });
    const tenant = await inviting.aTenant('North Clinic');
    const addresses = Array.from({ length: 12 }, (_, n) => `person${n}@north.example`);
    for (const address of addresses) await inviting.invited(tenant, address);

    /** A worker that writes its mails into the database and dies before the end of its nth transaction. */
    const workerOf = (db: Knex, diesAt: number) => {
      const transaction = transactionOn(db);
      let done = 0;
      const enqueue: EnqueueMessage = async (trx, { tenantId }) => {
        const id = realWorld.newId();
        const at = now.toISOString();
        await trx('outbox').insert({ id, kind: 'test', tenant_id: tenantId, sealed: '', created_at: at, due_at: at });
        done += 1;
        if (done === diesAt) throw new Error('killed');
      };
      const tenants = tenantService({ db, transaction, world });
      const publicUrl = 'http://x';
      const mails = accountMails({ enqueue, brand, textsIn, publicUrl });
      return invitationReminders({ db, transaction, world, tenants, mails, publicUrl });
    };
    const deaths = fc.sample(fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 9, maxLength: 9 }), 2).flat();
    for (const due of [2, 5]) {
      now = new Date(Date.parse('2026-11-21T12:00:00.000Z') + due * DAY);
      for (let round = 0; round < 3; round += 1)
        await Promise.allSettled(handles.map((db, n) => workerOf(db, deaths[round * 3 + n] ?? 0).remindDue(5)));
      await workerOf(handles[1] as Knex, 0).remindDue(100);
    }
    const sent = await handles[0]!('outbox').where({ kind: 'test' }).select('id');
    expect(sent).toHaveLength(2 * addresses.length);
    const perInvitation = await handles[0]!('invitation_reminders').groupBy('invitation_id').count({ times: '*' });
    expect(perInvitation.map(({ times }) => Number(times))).toEqual(addresses.map(() => 2));
    await inviting.close();
    await Promise.all(opened.slice(1).map((handle) => handle.destroy()));
  });
});
