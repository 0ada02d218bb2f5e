import { iso, type Knex } from '../../platform/database/database.js';
import { deleteInBatches } from '../../platform/database/delete-in-batches.js';
import { hashOf } from '../people/secret-tokens.js';

type Row = { token_hash: string; person_id: string; created_at: string; expires_at: string };

export const DEVICE_LIFETIME_MS = 365 * 24 * 3600_000;

/** All SQL on `known_devices`: browsers in which a person has signed in before. */
export const deviceStore = (db: Knex) => ({
  async knows(token: string, personId: string, now: Date): Promise<boolean> {
    const row = await db<Row>('known_devices')
      .where({ token_hash: hashOf(token), person_id: personId })
      .andWhere('expires_at', '>', iso(now))
      .first('token_hash');
    return row !== undefined;
  },
  async knowsAnyOf(personId: string): Promise<boolean> {
    return (await db<Row>('known_devices').where({ person_id: personId }).first('token_hash')) !== undefined;
  },
  /** Gives the browser a new token; it stays known for everyone it was known for. */
  async remember(person: { id: string; token: string; oldToken: string | undefined }, now: Date): Promise<void> {
    const tokenHash = hashOf(person.token);
    if (person.oldToken !== undefined)
      await db<Row>('known_devices')
        .where({ token_hash: hashOf(person.oldToken) })
        .update({ token_hash: tokenHash });
    const expiresAt = iso(new Date(now.getTime() + DEVICE_LIFETIME_MS));
    await db<Row>('known_devices')
      .insert({ token_hash: tokenHash, person_id: person.id, created_at: iso(now), expires_at: expiresAt })
      .onConflict(['token_hash', 'person_id'])
      .merge({ expires_at: expiresAt });
  },
  deleteExpired: (now: Date): Promise<void> =>
    deleteInBatches(() => db<Row>('known_devices').where('expires_at', '<=', iso(now)), 'token_hash'),
});
