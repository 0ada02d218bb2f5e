// Also on PostgreSQL: a migration that changes stored rows.
import { openDatabase } from '../../src/platform/database/database.js';
import { anEmptyDatabaseUrl } from '../support/database/databases.js';

const ROLES = '20261130_46_clinic_roles.cjs';

it('everyone who was in a clinic, or invited, before there were roles is an owner, and none is by default', async () => {
  const db = openDatabase(await anEmptyDatabaseUrl());
  const [, waiting] = (await db.migrate.list()) as [unknown, { file: string }[]];
  for (const { file } of waiting) if (file < ROLES) await db.migrate.up({ name: file });
  const at = '2026-11-21T09:00:00.000Z';
  const people = ['ana', 'ben', 'eve'];
  for (const id of people) await db('people').insert({ id, email: `${id}@clinic.example`, name: id, created_at: at });
  const tenant = { id: 'north', name: 'North', external_ref: 'n-1', created_at: at };
  await db('tenants').insert(tenant);
  const membership = (person: string) => ({ tenant_id: 'north', person_id: person, created_at: at });
  await db('memberships').insert([membership('ana'), membership('ben')]);
  const invitation = (id: string) => ({
    ...{ id, tenant_id: 'north', email: `${id}@clinic.example`, token_hash: id },
    ...{ invited_by: 'ana', created_at: at, expires_at: at },
  });
  await db('invitations').insert(invitation('open'));
  await db.migrate.up({ name: ROLES });
  await db('memberships').insert(membership('eve'));
  await db('invitations').insert(invitation('new'));
  expect(await db('memberships').orderBy('person_id').select('person_id', 'role')).toEqual([
    { person_id: 'ana', role: 'owner' },
    { person_id: 'ben', role: 'owner' },
    { person_id: 'eve', role: 'viewer' },
  ]);
  expect(await db('invitations').orderBy('id').select('id', 'role')).toEqual([
    { id: 'new', role: 'viewer' },
    { id: 'open', role: 'owner' },
  ]);
  await db.destroy();
});
