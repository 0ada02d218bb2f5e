/**
 * Clinics that have left. Until `erase_at` everything can be brought back but the connection; then only ids, times,
 * counts and the audit stay. Memberships move to a table of their own, so that no query can give access by them.
 */
exports.up = async (knex) => {
  await knex.schema.alterTable('tenants', (table) => {
    table.text('offboarded_at');
  });
  await knex.schema.createTable('offboardings', (table) => {
    table.text('tenant_id').primary().references('id').inTable('tenants');
    table.text('offboarded_at').notNullable();
    table.text('actor_kind').notNullable();
    table.text('actor_id');
    table.text('erase_at').notNullable();
    table.text('erasing_since'); // from then on it cannot be undone
    table.text('counts'); // JSON: how many rows of each table there were
    table.text('erased_at');
    table.index(['erased_at', 'erase_at']);
  });
  await knex.schema.createTable('ended_memberships', (table) => {
    table.text('tenant_id').notNullable().references('id').inTable('tenants');
    table.text('person_id').notNullable().references('id').inTable('people');
    table.text('role').notNullable();
    table.text('created_at').notNullable(); // of the membership
    table.primary(['tenant_id', 'person_id']);
    table.index(['person_id']);
  });
};

exports.down = async (knex) => {
  await knex.schema.dropTable('ended_memberships');
  await knex.schema.dropTable('offboardings');
  await knex.schema.alterTable('tenants', (table) => table.dropColumn('offboarded_at'));
};
