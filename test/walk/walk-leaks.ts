import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase } from '../../src/platform/database/database.js';
import type { DemoWorld } from '../../src/demo/demo-world.js';
import type { WalkPage } from '../../src/demo/walk-page.js';

/** A place where text was stored or shown, and the text. */
type Place = { name: string; text: string };

/** Enough of a JWT to use or recognize it. No other JWT shares a part of this length. */
const PART = 60;

/** @returns the names of the places that contain a long part of one of the JWTs */
export function placesWithJwt(jwts: string[], places: Place[]): string[] {
  const parts = jwts.flatMap((jwt) => {
    const [, claims = '', signature = ''] = jwt.split('.');
    return [claims.slice(-PART), signature.slice(0, PART), signature.slice(-PART)];
  });
  return [...new Set(parts.flatMap((part) => placesWith(part, places)))];
}

export const placesWith = (part: string, places: Place[]): string[] =>
  places.filter(({ text }) => text.includes(part)).map(({ name }) => name);

/** The database, key files, the log, every mail, and every page of portal and mailbox that was shown. */
export async function placesOf(world: DemoWorld, logged: string[], pages: WalkPage[]): Promise<Place[]> {
  const files = readdirSync(world.folder).map((name) => ({
    name: `the file ${name}`,
    text: readFileSync(join(world.folder, name), 'latin1'),
  }));
  const mails = world.mail.messages().flatMap(({ id, raw, text, html }) => [
    { name: `mail ${id}`, text: raw.replace(/=\r?\n/g, '') },
    { name: `mail ${id}`, text: text + html },
  ]);
  const shown = pages
    .filter(({ url }) => !url.startsWith(world.urls.emulator)) // the console shows a JWT to its creator
    .flatMap((page) => [
      { name: page.describe(), text: page.html },
      { name: `the address of ${page.describe()}`, text: page.url },
    ]);
  return [...files, ...(await tablesOf(world)), { name: 'the log', text: logged.join('') }, ...mails, ...shown];
}

/** Every row, if the database is a server and its files are not accessible. */
async function tablesOf({ database }: DemoWorld): Promise<Place[]> {
  if (!database.url.startsWith('postgres')) return [];
  const db = openDatabase(database.url);
  const names = await db('pg_tables').whereRaw('schemaname = current_schema()').pluck<string[]>('tablename');
  const places: Place[] = [];
  for (const name of names) places.push({ name: `the table ${name}`, text: JSON.stringify(await db(name).select()) });
  await db.destroy();
  return places;
}
