import type { Knex } from '../platform/database/database.js';
import { signingKeyStore } from './signing-key-store.js';

/** The public parts of all keys that ever signed here, the newest first, as the database has them. */
export const publishedKeys = (db: Knex): Promise<string[]> => signingKeyStore(db).all();
