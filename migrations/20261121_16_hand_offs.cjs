/** Links by which a member lets a colleague do the one step in RingCentral's console, and the visits by them. */
exports.up = async (knex) => {
  await knex.schema.createTable('hand_offs', (table) => {
    table.text('id').primary();
    table.text('tenant_id').notNullable().references('tenants.id');
    table.text('token_hash').notNullable().unique(); // SHA-256 of 32 random bytes, base64url
    table.text('made_by').notNullable().references('people.id');
    table.text('created_at').notNullable();
    table.text('expires_at').notNullable();
    table.text('opened_at'); // the first visit
    table.text('credential_id').references('credentials.id'); // what was pasted last by it
    table.text('submitted_at');
    table.text('revoked_at');
    table.index(['tenant_id', 'created_at']);
  });
  await knex.schema.createTable('hand_off_sessions', (table) => {
    table.text('token_hash').primary();
    table.text('tenant_id').notNullable().references('tenants.id');
    table.text('hand_off_id').notNullable().references('hand_offs.id').index();
    table.text('expires_at').notNullable().index();
  });
  await knex.schema.alterTable('check_requests', (table) => {
    table.text('hand_off_id'); // by which link it was asked for; requested_by is then who made the link
  });
};

exports.down = async (knex) => {
  await knex.schema.alterTable('check_requests', (table) => table.dropColumn('hand_off_id'));
  for (const name of ['hand_off_sessions', 'hand_offs']) await knex.schema.dropTable(name);
};
