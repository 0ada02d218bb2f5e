/** A tenant's link to RingCentral: its health, its checks, the queue of checks to make, its fax lines. */
exports.up = async (knex) => {
  await knex.schema.createTable('connections', (table) => {
    table.text('tenant_id').primary().references('tenants.id');
    table.text('health').notNullable(); // JSON of connections/health.ts `StoredHealth`
    table.text('state').notNullable(); // its state again, for lists
    table.text('cause');
    table.text('since').notNullable();
    table.text('checked_at');
    table.text('next_check_at').index(); // null: nothing to check
    table.text('owner_id'); // the pins: set by the first success
    table.text('account_id');
    table.text('owner_name');
    table.text('owner_extension_number');
    table.text('account_name');
    table.text('connected_at');
  });
  await knex.schema.createTable('checks', (table) => {
    table.text('id').primary();
    table.text('tenant_id').notNullable().references('tenants.id');
    table.text('credential_id').notNullable().references('credentials.id');
    table.text('trigger').notNullable(); // submission | person | schedule | confirmation | pending
    table.text('verdict').notNullable(); // accepted | refused | inconclusive
    table.text('cause');
    table.text('warnings').notNullable(); // JSON array of causes
    table.text('detail').notNullable(); // JSON: error codes, RCRequestId, named permission, never a body
    table.text('started_at').notNullable();
    table.text('finished_at').notNullable();
    table.index(['tenant_id', 'finished_at']);
  });
  await knex.schema.createTable('check_requests', (table) => {
    table.text('id').primary();
    table.text('tenant_id').notNullable().references('tenants.id');
    table.text('credential_id').notNullable().references('credentials.id');
    table.text('trigger').notNullable();
    table.text('lane').notNullable(); // interactive | background
    table.text('requested_by'); // person id; null: the portal itself
    table.text('requested_at').notNullable();
    table.text('due_at').notNullable();
    table.integer('attempts').notNullable().defaultTo(0);
    table.text('claimed_by');
    table.text('lease_until');
    table.text('finished_at');
    table.index(['finished_at', 'due_at']);
    table.index(['tenant_id', 'requested_at']);
  });
  await knex.raw('create unique index check_requests_one_open on check_requests (credential_id) where finished_at is null');
  await knex.schema.createTable('fax_lines', (table) => {
    table.text('tenant_id').notNullable().references('tenants.id');
    table.text('extension_id').notNullable();
    table.text('name').notNullable();
    table.text('extension_number');
    table.text('type').notNullable();
    table.boolean('selected').notNullable();
    table.boolean('listed').notNullable(); // RingCentral's last list had it
    table.text('readable'); // yes | no | unknown
    table.text('cause');
    table.text('probed_at');
    table.primary(['tenant_id', 'extension_id']);
  });
};

exports.down = async (knex) => {
  for (const name of ['fax_lines', 'check_requests', 'checks', 'connections']) await knex.schema.dropTable(name);
};
