/** What each day of a connection was like, and how each of its incidents ended. */
exports.up = async (knex) => {
  await knex.schema.createTable('connection_days', (table) => {
    table.text('tenant_id').notNullable().references('tenants.id');
    table.text('day').notNullable(); // UTC, as 2026-11-21
    table.text('state').notNullable(); // the worst that was shown on it
    table.text('cause');
    table.integer('rank').notNullable(); // how bad that is
    table.text('last_state').notNullable(); // what was shown when it was last written: the next day begins with it
    table.text('last_cause');
    table.primary(['tenant_id', 'day']);
  });
  await knex.schema.alterTable('incidents', (table) => {
    table.text('closed_how'); // of a connection's: new_credential | check; null while it is open
    table.text('closed_by'); // the person who pasted or asked for the check that ended it; null where nobody did
  });
  const states = ['not_connected', 'disconnected', 'pending', 'healthy', 'warning', 'unverified', 'failing'];
  for (const row of await knex('connections').select('tenant_id', 'state', 'cause', 'state_since')) {
    const { state, cause } = row;
    await knex('connection_days').insert({
      tenant_id: row.tenant_id,
      day: (row.state_since ?? '2026-11-21').slice(0, 10),
      state,
      cause,
      rank: states.indexOf(state),
      last_state: state,
      last_cause: cause,
    });
  }
};

exports.down = async (knex) => {
  await knex.schema.alterTable('incidents', (table) => {
    table.dropColumn('closed_how');
    table.dropColumn('closed_by');
  });
  await knex.schema.dropTable('connection_days');
};
