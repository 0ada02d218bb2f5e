/** When the ISV's jobs run each night, which runs staff were told of, and what finds the clinics in doubt. */
exports.up = async (knex) => {
  await knex.schema.createTable('nightly_run', (table) => {
    table.text('id').primary(); // always the same: there is one
    table.text('at').notNullable(); // HH:MM
    table.text('time_zone').notNullable();
  });
  await knex.schema.createTable('preflight_summaries', (table) => {
    table.text('run_at').primary();
    table.text('told_at').notNullable();
  });
  // Covers the search for clinics in doubt, in the order of their ids.
  await knex.raw('create index connections_in_doubt on connections (tenant_id, state, unverified_at, suspect_since)');
  await knex.raw(
    "create index credentials_that_expire on credentials (expires_at) where status = 'active' and expires_at is not null",
  );
};

exports.down = async (knex) => {
  await knex.raw('drop index credentials_that_expire');
  await knex.raw('drop index connections_in_doubt');
  for (const name of ['preflight_summaries', 'nightly_run']) await knex.schema.dropTable(name);
};
