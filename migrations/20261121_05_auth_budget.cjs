/** How many calls RingCentral's token endpoint has had from us, over all processes. */
exports.up = async (knex) => {
  await knex.schema.createTable('auth_budgets', (table) => {
    table.text('key').primary(); // the client ID, and with it the tenant where the limit is narrower
    table.text('penalty_until'); // nothing is sent before this
    table.integer('learned_limit'); // smaller than configured, if RingCentral's headers said so
    table.integer('learned_window_seconds'); // longer than we count with, if they said so
    table.text('learned_at');
  });
  await knex.schema.createTable('auth_calls', (table) => {
    table.text('id').primary();
    table.text('budget_key').notNullable().references('auth_budgets.key');
    table.text('lane').notNullable(); // interactive | broker | background
    table.text('tenant_id');
    table.text('state').notNullable(); // waiting | reserved | sent
    table.integer('slots').notNullable(); // how many a waiter wants at once
    table.text('requested_at').notNullable();
    table.text('seen_at').notNullable(); // a waiter that stopped asking is passed over
    table.text('until_at'); // reserved: free again then; sent: answered by then, null once it was
    table.text('sent_at');
    table.index(['budget_key', 'state', 'sent_at']);
  });
};

exports.down = async (knex) => {
  for (const name of ['auth_calls', 'auth_budgets']) await knex.schema.dropTable(name);
};
