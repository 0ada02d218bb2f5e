/** Where events are sent, the secrets that sign them, one row for each event and endpoint, and each try. */
exports.up = async (knex) => {
  await knex.schema.createTable('webhook_endpoints', (table) => {
    table.text('id').primary();
    table.text('url').notNullable();
    table.text('description').notNullable();
    table.text('event_types').notNullable(); // JSON
    table.text('state').notNullable(); // active | paused | checking | off
    table.text('state_since').notNullable();
    table.text('off_because'); // gone | failing
    table.text('made_by').references('people.id');
    table.text('made_at').notNullable();
    table.text('removed_at');
    table.integer('send_window').notNullable(); // how many deliveries one turn may make
    table.integer('failure_streak').notNullable().defaultTo(0);
    table.text('failing_since'); // the first failure since the last success
    table.text('last_failure_at');
    table.text('last_success_at');
    table.text('not_before'); // no turn begins before that
    table.text('hour_told_at'); // when staff were told that it has failed for an hour
    table.text('days_told_at'); // when staff were told that it will be turned off
    table.bigInteger('missed_after'); // what has a higher number was not sent while it was off
    table.bigInteger('catch_up_after'); // what has a higher number is still to be added, up to catch_up_until
    table.bigInteger('catch_up_until');
    table.integer('claim_version').notNullable().defaultTo(0);
    table.text('claimed_by');
    table.text('lease_until');
    table.text('served_at'); // when its last turn began
    table.index(['removed_at', 'served_at']);
  });
  await knex.schema.createTable('webhook_secrets', (table) => {
    table.text('id').primary();
    table.text('endpoint_id').notNullable().references('webhook_endpoints.id');
    table.text('sealed').notNullable();
    table.text('kid').notNullable();
    table.text('made_at').notNullable();
    table.text('ends_at'); // null: the newest
    table.index(['endpoint_id', 'made_at']);
    table.index(['ends_at']);
  });
  await knex.schema.createTable('webhook_deliveries', (table) => {
    table.text('id').primary();
    table.text('endpoint_id').notNullable().references('webhook_endpoints.id');
    table.text('event_id').notNullable(); // the webhook-id of every try
    table.bigInteger('seq'); // null for a test
    table.text('type').notNullable();
    table.text('tenant_id').references('tenants.id'); // null: about the portal, or a test
    table.text('body').notNullable(); // the same bytes in every try
    table.boolean('is_test').notNullable().defaultTo(false);
    table.text('state').notNullable(); // open | delivered | gave_up | ended
    table.text('made_at').notNullable();
    table.text('tried_from'); // the first try; tries end 75 hours later
    table.integer('tries').notNullable().defaultTo(0);
    table.text('due_at').notNullable();
    table.text('finished_at');
    table.unique(['endpoint_id', 'event_id']);
    table.index(['endpoint_id', 'state', 'due_at']);
    table.index(['endpoint_id', 'made_at', 'id']);
    table.index(['finished_at']);
    table.index(['tenant_id']);
  });
  await knex.schema.createTable('webhook_attempts', (table) => {
    table.text('id').primary();
    table.text('delivery_id').notNullable().references('webhook_deliveries.id').onDelete('cascade');
    table.text('at').notNullable();
    table.integer('ms').notNullable();
    table.integer('status');
    table.text('failure'); // null if there was an answer
    table.text('excerpt').notNullable(); // the first kilobyte of the answer, never a header
    table.index(['delivery_id', 'at']);
  });
};

exports.down = async (knex) => {
  for (const name of ['attempts', 'deliveries', 'secrets', 'endpoints']) await knex.schema.dropTable(`webhook_${name}`);
};
