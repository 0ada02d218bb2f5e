/**
 * A token with fewer scopes is another session of the same user, so a tenant has two kinds of token, and a flight for
 * each. The outcome of the last flight is told for a while to those who ask; what `token_turns` holds is a minute old
 * at most, and is dropped.
 */
exports.up = async (knex) => {
  await knex.schema.alterTable('access_tokens', (table) => {
    table.text('asked_scopes'); // null: all that the portal asks for
    table.text('reported_at'); // when a job last reported that RingCentral does not accept it
  });
  await knex.schema.dropTable('token_turns');
  await knex.schema.createTable('token_flights', (table) => {
    table.text('tenant_id').notNullable().references('tenants.id');
    table.text('kind').notNullable(); // full, narrower
    table.integer('number').notNullable().defaultTo(0);
    table.text('held_by');
    table.text('held_until');
    table.text('told'); // JSON: why the last flight gave no token, to whom that is told, and until when
    table.primary(['tenant_id', 'kind']);
  });
};

exports.down = async (knex) => {
  await knex.schema.dropTable('token_flights');
  await knex.schema.createTable('token_turns', (table) => {
    table.text('tenant_id').primary().references('tenants.id');
    table.integer('number').notNullable().defaultTo(0);
    table.text('held_by');
    table.text('held_until');
    table.text('outcome');
    table.text('told_until');
    table.text('reported_at');
  });
  await knex.schema.alterTable('access_tokens', (table) => {
    table.dropColumn('asked_scopes');
    table.dropColumn('reported_at');
  });
};
