import { startSmtpCatcher } from '../../src/demo/smtp-catcher.js';
import { mailDelivery } from '../../src/notifications/mail-delivery.js';
import { createLogger } from '../../src/platform/log.js';
import { outboxReader, outboxWriter, type Deliver } from '../../src/platform/outbox.js';
import type { Knex } from '../../src/platform/database/database.js';
import {
  generateSealingKeys,
  privateKeySealing,
  type Opener,
  type Sealer,
} from '../../src/platform/sealing/sealing.js';
import { realWorld } from '../../src/platform/world.js';
import { aMigratedDatabase } from '../support/database/databases.js';

let clock: Date;
let db: Knex;
let sealing: Sealer & Opener;
const world = { ...realWorld, now: () => clock };
const payload = {
  to: 'alice@north.example',
  subject: 'Please connect',
  text: 'https://portal.example/invitations/x',
};
const write = () => outboxWriter(sealing, world)(db, { kind: 'mail', tenantId: 'north', payload });
const deliveryTo = ({ url }: { url: string }) =>
  mailDelivery({ smtpUrl: url, from: 'portal@isv.example', log: createLogger('silent') });
/** Delivers whenever something is due, until then. */
async function work(deliver: Deliver, until: Date): Promise<void> {
  const reader = outboxReader(db, sealing, world, 'worker');
  while (clock <= until) {
    await reader.deliverDue(deliver);
    clock = new Date(clock.getTime() + 600_000);
  }
}
const after = (ms: number) => new Date(clock.getTime() + ms);
const HOUR_MS = 3_600_000;

beforeEach(async () => {
  clock = new Date('2026-01-15T09:00:00.000Z');
  db = await aMigratedDatabase();
  sealing = await privateKeySealing((await generateSealingKeys()).privateJwks);
});
afterEach(() => db.destroy());

it('delivers automatically when the mail server is back', async () => {
  const gone = await startSmtpCatcher();
  await gone.close();
  const deliver = deliveryTo(gone);
  await write();
  await work(deliver, clock);
  expect(await db('outbox').first('last_error', 'finished_at')).toEqual({
    last_error: 'smtp_unreachable',
    finished_at: null,
  });

  const back = await startSmtpCatcher({ port: gone.port });
  await work(deliver, clock);
  expect(back.messages()).toEqual([expect.objectContaining({ to: payload.to, subject: payload.subject })]);
  expect(await db('outbox').first('outcome', 'sealed')).toEqual({ outcome: 'delivered', sealed: '' });
  deliver.close();
  await back.close();
});

it('a server that answers 554 to every recipient loses no email within a day, and keeps it sealed meanwhile', async () => {
  const server = await startSmtpCatcher();
  const deliver = deliveryTo(server);
  server.setFault({ kind: 'refuse', code: 554, at: 'recipient' });
  await write();
  const { sealed } = await db('outbox').first<{ sealed: string }>('sealed');
  await work(deliver, after(23 * HOUR_MS));
  expect(await db('outbox').first('sealed', 'finished_at', 'last_error')).toEqual({
    sealed,
    finished_at: null,
    last_error: 'smtp_5xx',
  });

  server.setFault(null);
  await work(deliver, after(6 * HOUR_MS));
  expect(server.messages()).toEqual([expect.objectContaining({ to: payload.to, subject: payload.subject })]);
  expect(await db('outbox').first('outcome', 'sealed')).toEqual({ outcome: 'delivered', sealed: '' });
  deliver.close();
  await server.close();
});

it('an address that does not exist ends the email at once, and its content is erased', async () => {
  const server = await startSmtpCatcher();
  const deliver = deliveryTo(server);
  server.setFault({ kind: 'refuse', code: 550, status: '5.1.1', at: 'recipient' });
  await write();
  await work(deliver, clock);
  expect(await db('outbox').first('outcome', 'sealed', 'last_error', 'attempts')).toEqual({
    outcome: 'gave_up',
    sealed: '',
    last_error: 'address_refused',
    attempts: 1,
  });
  deliver.close();
  await server.close();
});
