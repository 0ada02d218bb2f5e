import { join } from 'node:path';
import { takeSchema } from './postgres-schema.js';

/** An empty database that only the demo uses. */
export type DemoDatabase = {
  url: string;
  /** for people */
  about: string;
  release: () => Promise<void> | void;
};

const SCHEMA = 'latchkey_demo';

/**
 * A file in the demo's folder, or a schema of its own in the given database. That database may belong to a production
 * portal, so nothing else in it is touched.
 */
export async function takeDatabase(
  givenUrl: string | null,
  folder: string,
  isTemporary: boolean,
): Promise<DemoDatabase> {
  if (givenUrl === null) {
    const file = join(folder, 'latchkey.db');
    return { url: `sqlite:${file}`, about: `SQLite, ${file}`, release: () => undefined };
  }
  const { name, url, release } = await takeSchema(givenUrl, SCHEMA, isTemporary);
  return { url, about: `PostgreSQL, schema ${name}`, release };
}
