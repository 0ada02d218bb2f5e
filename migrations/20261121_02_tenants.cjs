/** Clinics, who belongs to them, and who is asked to. */
exports.up = async (knex) => {
  await knex.schema.createTable('tenants', (table) => {
    table.text('id').primary();
    table.text('external_ref').notNullable().unique();
    table.text('name').notNullable();
    table.text('environment').notNullable().defaultTo('production'); // production | biz
    table.text('language').notNullable().defaultTo('en');
    table.text('time_zone').notNullable().defaultTo('UTC');
    table.text('created_at').notNullable();
    table.index(['name', 'id']);
  });
  await knex.schema.createTable('memberships', (table) => {
    table.text('tenant_id').notNullable().references('tenants.id');
    table.text('person_id').notNullable().references('people.id').index();
    table.text('created_at').notNullable();
    table.primary(['tenant_id', 'person_id']);
  });
  await knex.schema.createTable('invitations', (table) => {
    table.text('id').primary();
    table.text('tenant_id').notNullable().references('tenants.id');
    table.text('email').notNullable(); // lower case
    table.text('token_hash').notNullable().unique(); // SHA-256 of 32 random bytes, base64url
    table.text('invited_by').references('people.id'); // null where a program asked
    table.text('created_at').notNullable();
    table.text('expires_at').notNullable();
    table.text('accepted_at');
    table.text('accepted_by').references('people.id');
    table.text('revoked_at');
    table.text('renewal_of').references('invitations.id'); // set where an expired link was asked for again
    table.index(['tenant_id', 'created_at']);
    table.index(['tenant_id', 'email', 'created_at']);
  });
};

exports.down = async (knex) => {
  for (const name of ['invitations', 'memberships', 'tenants']) await knex.schema.dropTable(name);
};
