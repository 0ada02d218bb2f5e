import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { openingProblem } from '../platform/database/opening-problem.js';
import { PATIENCE_MS } from '../platform/database/patience.js';

/** Why a database cannot lend a schema. The message begins with the variable and contains no address. */
export class SchemaRefused extends Error {
  override name = 'SchemaRefused';
}

export type LentSchema = {
  name: string;
  /** The address of the database with this schema as its default. */
  url: string;
  /** Drops a temporary schema; keeps the tables of any other schema for inspection. */
  release: () => Promise<void>;
};

const MARK = 'Latchkey empties this schema whenever it takes it; nothing in it is needed.';

/**
 * An empty schema in a database that may contain other data; everything outside the schema stays untouched. An
 * existing schema is emptied only if its comment says that we created it. If another process holds it, this call uses
 * a temporary schema instead.
 *
 * @param databaseUrl `postgres://…`
 * @throws {SchemaRefused}
 */
export async function takeSchema(databaseUrl: string, wanted: string, isTemporary: boolean): Promise<LentSchema> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    application_name: `latchkey ${wanted}`,
    connectionTimeoutMillis: PATIENCE_MS,
    keepAlive: true,
  });
  client.on('error', () => undefined); // losing the connection releases the lock; the schema stays
  try {
    await client.connect();
  } catch (error) {
    await client.end().catch(() => undefined);
    throw new SchemaRefused(`DATABASE_URL ${openingProblem(error)}`);
  }
  try {
    const isFree = !isTemporary && (await isOurs(client, wanted));
    const name = isFree ? wanted : `${wanted}_${randomUUID().slice(0, 8)}`;
    if (!isFree) await isOurs(client, name);
    await makeEmpty(client, name);
    return {
      name,
      url: within(databaseUrl, name),
      release: async () => {
        const drop = `drop schema if exists ${client.escapeIdentifier(name)} cascade`;
        if (name !== wanted) await client.query(drop).catch(() => undefined);
        await client.end().catch(() => undefined);
      },
    };
  } catch (error) {
    await client.end().catch(() => undefined);
    if ((error as { code?: unknown }).code === '42501')
      throw new SchemaRefused(
        'DATABASE_URL names a user who may not make a schema: "grant create on database" lets it',
        {
          cause: error,
        },
      );
    throw error;
  }
}

/** Takes the lock, which lasts until the connection ends, however the process ends. */
async function isOurs(client: pg.Client, name: string): Promise<boolean> {
  const { rows } = await client.query<{ ours: boolean }>(
    'select pg_try_advisory_lock(hashtextextended($1, 0)) as ours',
    [`schema ${name}`],
  );
  return rows[0]?.ours === true;
}

async function makeEmpty(client: pg.Client, name: string): Promise<void> {
  const { rows } = await client.query<{ comment: string | null }>(
    "select obj_description(oid, 'pg_namespace') as comment from pg_namespace where nspname = $1",
    [name],
  );
  const [found] = rows;
  if (found && found.comment !== MARK)
    throw new SchemaRefused(`DATABASE_URL has a schema ${name} already, which is not ours to empty: rename or drop it`);
  const schema = client.escapeIdentifier(name);
  await client.query(`
    begin;
    drop schema if exists ${schema} cascade;
    create schema ${schema};
    comment on schema ${schema} is ${client.escapeLiteral(MARK)};
    commit`);
}

/** Sets what libpq calls `options`: settings that apply from the start of the connection. */
function within(databaseUrl: string, schema: string): string {
  const url = new URL(databaseUrl);
  const options = url.searchParams.get('options');
  url.searchParams.set('options', [...(options ? [options] : []), `-csearch_path=${schema}`].join(' '));
  return url.href;
}
