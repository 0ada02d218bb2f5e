/**
 * Files of clinics. A line is applied once, in the transaction that marks it as done; its address is deleted once the
 * invitation is written or not needed.
 */
exports.up = async (knex) => {
  await knex.schema.createTable('clinic_imports', (table) => {
    table.text('id').primary();
    table.text('content_hash').notNullable();
    table.text('state').notNullable(); // loading | checked | running | finished | stopped
    table.integer('total').notNullable();
    table.text('actor_kind').notNullable(); // who started it, or who checked the file
    table.text('actor_id');
    table.text('created_at').notNullable();
    table.text('started_at');
    table.text('ended_at');
    table.text('claimed_by');
    table.text('lease_until');
    table.index(['state', 'started_at']);
    table.index(['content_hash']);
    table.index(['created_at']);
  });
  await knex.schema.createTable('clinic_import_lines', (table) => {
    table.text('id').primary();
    table.text('import_id').notNullable().references('id').inTable('clinic_imports');
    table.integer('line').notNullable();
    table.text('external_ref').notNullable();
    table.text('name').notNullable();
    table.text('admin_email').notNullable();
    table.text('language').notNullable();
    table.text('time_zone').notNullable();
    table.text('environment').notNullable();
    table.text('state').notNullable(); // waiting | created | changed | unchanged | refused
    table.text('problems'); // JSON, of a refused line
    table.text('tenant_id').references('id').inTable('tenants');
    table.text('invitation'); // waiting | sent | not_needed | refused; null without an address
    table.text('invited_at');
    table.index(['import_id', 'state', 'line']);
    table.index(['invitation', 'import_id', 'line']);
    table.index(['invited_at']);
    table.index(['tenant_id']);
  });
};

exports.down = async (knex) => {
  await knex.schema.dropTable('clinic_import_lines');
  await knex.schema.dropTable('clinic_imports');
};
