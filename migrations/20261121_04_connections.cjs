/** A tenant's link to RingCentral: its health, its checks, the queue of checks to make, its fax lines. */
exports.up = async (knex) => {
  await knex.schema.createTable('connections', (table) => {
    table.text('tenant_id').primary().references('tenants.id');
    table.text('health').notNullable(); // JSON of connections/health.ts `StoredHealth`
    table.text('checked_at'); // the last check that said anything at all
    table.text('owner_id'); // the pins: whom the credential that serves acts as, set by a success
    table.text('account_id').index();
    table.text('owner_name');
    table.text('owner_extension_number');
    table.text('account_name');
    table.text('connected_at');
    table.text('held_account_id'); // what waits for the approval of the ISV's staff
    table.text('held_owner_id');
    table.text('approved_account_id'); // what they approved
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
    table.integer('attempts').notNullable().defaultTo(0); // claims; doubles as the row's version
    table.integer('tries').notNullable().defaultTo(0); // answers in a row that said nothing, for the back-off
    table.text('claimed_by');
    table.text('lease_until');
    table.text('finished_at');
    table.index(['finished_at', 'due_at']);
  });
  await knex.raw(
    'create unique index check_requests_one_open on check_requests (credential_id) where finished_at is null',
  );
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
