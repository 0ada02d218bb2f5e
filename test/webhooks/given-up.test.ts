// Only on SQLite: the statements of deliveries have tests on PostgreSQL.
import type { Knex } from '../../src/platform/database/database.js';
import { aMigratedDatabase } from '../support/database/databases.js';
import { answered, byCommand, HOUR, MINUTE, SECOND, webhookParts, type WebhookParts } from './support.js';

let db: Knex;
let parts: WebhookParts;
beforeAll(async () => {
  db = await aMigratedDatabase();
});
afterAll(() => db.destroy());
beforeEach(async () => {
  for (const name of ['attempts', 'deliveries', 'secrets', 'endpoints']) await db(`webhook_${name}`).delete();
  parts = await webhookParts(db);
});

const idsGot = () => parts.got.map(({ headers }) => headers['webhook-id']);
const statesOf = async (id: string) => (await parts.service.deliveries(id, 100)).map(({ state }) => state).sort();

describe('a delivery that is given up', () => {
  const missed = async (id: string) => parts.service.missedCount((await parts.service.find(id))!);

  it('is told once in an outage, is counted, and is sent with what was missed', async () => {
    const { id, secret } = await parts.endpoint();
    parts.answers(() => Promise.resolve(answered(500)));
    const events = await parts.happens('connection.failing', 'connection.failing', 'connection.recovered');
    await parts.pass(75 * HOUR, 10 * MINUTE);
    expect([parts.told, await missed(id)]).toEqual([['made', 'hour'], 0]);
    await parts.pass(4 * HOUR, 10 * MINUTE);
    expect([parts.told, await missed(id)]).toEqual([['made', 'hour', 'gave up'], 2]);
    events.push(...(await parts.happens('connection.failing')));
    parts.answers(() => Promise.resolve(answered(200)));
    await parts.pass(HOUR, MINUTE);
    expect(await missed(id)).toBe(2);
    parts.got.length = 0;
    expect(await parts.service.sendMissed(id, byCommand)).toBe(true);
    await parts.pass(MINUTE, SECOND);
    expect(idsGot()).toEqual([events[0]?.id, events[1]?.id]);
    expect([parts.refusedBy(secret), await missed(id)]).toEqual([[], 0]);
    expect(await statesOf(id)).toEqual(['delivered', 'delivered', 'delivered']);
  });

  it('is told again in a later outage, but not for each event that a working endpoint refuses', async () => {
    await parts.endpoint();
    const refusing = (ids: readonly (string | undefined)[]) =>
      parts.answers((_url, headers) => Promise.resolve(answered(ids.includes(headers['webhook-id']) ? 400 : 200)));
    const refused: string[] = [];
    for (let day = 0; day < 5; day += 1) {
      const [event] = await parts.happens('connection.failing');
      refused.push(event?.id ?? '');
      refusing(refused);
      for (let hour = 0; hour < 24; hour += 4) {
        await parts.happens('connection.failing');
        await parts.pass(4 * HOUR, 2 * HOUR);
      }
    }
    expect(parts.settled.filter((one) => one === 'gave_up').length).toBeGreaterThan(1);
    expect(parts.told.filter((one) => one === 'gave up')).toHaveLength(1);
    parts.answers(() => Promise.resolve(answered(500)));
    await parts.happens('connection.failing');
    await parts.pass(80 * HOUR, HOUR);
    expect(parts.told.filter((one) => one === 'gave up')).toHaveLength(2);
  });
});
