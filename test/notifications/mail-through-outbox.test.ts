import { startSmtpCatcher } from '../../src/demo/smtp-catcher.js';
import { mailDelivery } from '../../src/notifications/mail-delivery.js';
import { createLogger } from '../../src/platform/log.js';
import { outboxReader, outboxWriter } from '../../src/platform/outbox.js';
import { generateSealingKeys, privateKeySealing } from '../../src/platform/sealing/sealing.js';
import { realWorld } from '../../src/platform/world.js';
import { aMigratedDatabase } from '../support/database/databases.js';

it('delivers automatically when the mail server is back', async () => {
  let clock = new Date('2026-01-15T09:00:00.000Z');
  const world = { ...realWorld, now: () => clock };
  const db = await aMigratedDatabase();
  const sealing = await privateKeySealing((await generateSealingKeys()).privateJwks);
  const gone = await startSmtpCatcher();
  await gone.close();
  const deliver = mailDelivery({ smtpUrl: gone.url, from: 'portal@isv.example', log: createLogger('silent') });
  const reader = outboxReader(db, sealing, world, 'worker');

  const payload = {
    to: 'alice@north.example',
    subject: 'Please connect',
    text: 'https://portal.example/invitations/x',
  };
  await outboxWriter(sealing, world)(db, { kind: 'mail', tenantId: 'north', payload });
  await reader.deliverDue(deliver);
  expect(await db('outbox').first('last_error', 'finished_at')).toEqual({
    last_error: 'smtp_unreachable',
    finished_at: null,
  });

  const back = await startSmtpCatcher({ port: gone.port });
  await reader.deliverDue(deliver);
  expect(back.messages()).toEqual([]);
  clock = new Date(clock.getTime() + 5_000);
  await reader.deliverDue(deliver);
  expect(back.messages()).toEqual([expect.objectContaining({ to: payload.to, subject: payload.subject })]);
  expect(await db('outbox').first('outcome', 'sealed')).toEqual({ outcome: 'delivered', sealed: '' });

  deliver.close();
  await back.close();
  await db.destroy();
});
