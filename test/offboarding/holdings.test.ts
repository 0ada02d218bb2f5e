// Also on PostgreSQL: the tables and columns are read from the database itself.
import type { Knex } from '../../src/platform/database/database.js';
import { isHolding } from '../../src/platform/database/held-rows.js';
import { exportLines } from '../../src/offboarding/tenant-export.js';
import { aMigratedDatabase } from '../support/database/databases.js';
import { columnOf, declared, holdings, idOf, plantEverywhere, planted, wordsOf } from './support/planted.js';
import { columnsOf, type Column } from './support/schema.js';

let db: Knex;
let columns: Column[];
beforeAll(async () => {
  db = await aMigratedDatabase();
  columns = await columnsOf(db);
});
afterAll(() => db.destroy());

const withheldOf = (table: string) =>
  Object.values(holdings.find((one) => one.table === table)?.withheld ?? {}).flatMap((names) => wordsOf(names));
const exportedOf = (table: string) => wordsOf(holdings.find((one) => one.table === table)?.exported);

describe('what the tables hold of clinics and people', () => {
  it('is declared once for every table of the database', () => {
    const tables = [...new Set(columns.map(({ table }) => table))];
    expect(declared.map(({ table }) => table).toSorted()).toEqual(tables.toSorted());
  });

  it('is declared as of a clinic for every table with a tenant_id, and as of a person for every other with a person_id', () => {
    const having = (name: string) => columns.filter((column) => column.name === name).map(({ table }) => table);
    const ofTenants = having('tenant_id');
    const ofPeople = having('person_id').filter((table) => !ofTenants.includes(table));
    const kindOf = (table: string) => holdings.find((one) => one.table === table)?.of;
    expect(ofTenants.length).toBeGreaterThan(20);
    expect(
      ofTenants.filter((table) => (kindOf(table) as { tenant?: string } | undefined)?.tenant !== 'tenant_id'),
    ).toEqual([]);
    expect(
      ofPeople.filter((table) => (kindOf(table) as { person?: string } | undefined)?.person !== 'person_id'),
    ).toEqual([]);
  });

  it('says of every column once whether an export shows it, and names no other column', () => {
    const said = holdings.flatMap(({ table }) =>
      [...exportedOf(table), ...withheldOf(table)].map((name) => `${table}.${name}`),
    );
    const owned = columns.filter(({ table }) => holdings.some((one) => one.table === table));
    expect(said.toSorted()).toEqual(owned.map(({ table, name }) => `${table}.${name}`).toSorted());
    const named = holdings.flatMap((held) => {
      const { table, key, json, erasure, refersToItself } = held;
      const set = typeof erasure === 'object' && 'set' in erasure ? Object.keys(erasure.set) : [];
      const text = typeof erasure === 'object' && 'rewrite' in erasure ? [erasure.rewrite.column] : [];
      const all = [columnOf(held), ...wordsOf(key), ...wordsOf(json), ...set, ...text, ...wordsOf(refersToItself)];
      return all.map((name) => `${table}.${name}`);
    });
    expect(named.filter((name) => !said.includes(name))).toEqual([]);
  });

  it('SEC-26: includes no ciphertext, hash or key in an export', () => {
    const shown = holdings.flatMap(({ table }) => exportedOf(table).map((name) => `${table}.${name}`));
    expect(
      shown.filter((name) => /\.\w*(hash|jwe|sealed|secret|password|fingerprint|totp|verifier)|\.kid$/.test(name)),
    ).toEqual([]);
  });

  it('says of every table without an owner why', () => {
    expect(declared.filter((one) => !isHolding(one) && one.because.length < 10)).toEqual([]);
  });
});

describe('the export of a clinic', () => {
  let lines: string[];
  let data: { tables: Record<string, Record<string, unknown>[]>; withheld: Record<string, Record<string, string[]>> };
  beforeAll(async () => {
    for (const whose of ['north', 'south']) await plantEverywhere(db, whose);
    const peopleOf = async function* () {
      yield await Promise.resolve(idOf('north', 'people'));
    };
    lines = [];
    for await (const line of exportLines({ db, holdings: declared, peopleOf }, idOf('north', 'tenants'), new Date(0)))
      lines.push(line);
    data = JSON.parse(lines.join('\n')) as typeof data;
  });

  it('has every column that is declared as exported, of every table with a clinic or its people', () => {
    const found = Object.entries(data.tables).flatMap(([table, rows]) => {
      expect([table, rows.length]).toEqual([table, 1]);
      return Object.keys(rows[0] ?? {}).map((name) => `${table}.${name}`);
    });
    expect(found.toSorted()).toEqual(
      holdings.flatMap(({ table }) => exportedOf(table).map((name) => `${table}.${name}`)).toSorted(),
    );
  });

  it('names what it leaves out, and has no value of it', () => {
    const text = lines.join('\n');
    for (const { table } of holdings)
      for (const name of withheldOf(table)) expect(text).not.toContain(planted('north', table, name));
    expect(data.withheld['people']).toMatchObject({
      secret: expect.arrayContaining(['password_hash', 'totp_sealed']) as unknown,
    });
    expect(text).toContain(planted('north', 'people', 'email'));
    expect(text).toContain(planted('north', 'fax_lines', 'name'));
  });

  it('has nothing of another clinic', () => {
    expect(lines.join('\n')).not.toContain('south');
  });
});
