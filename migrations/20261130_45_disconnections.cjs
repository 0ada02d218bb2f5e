/** What was disconnected, what came of it, and the receipt. */
exports.up = async (knex) => {
  await knex.schema.createTable('disconnections', (table) => {
    table.text('id').primary();
    table.text('tenant_id').notNullable().references('id').inTable('tenants');
    table.text('at').notNullable();
    table.text('by').notNullable(); // clinic, staff, program or operator
    table.text('account_id'); // at RingCentral
    table.text('sessions_end_by'); // of those that cannot be revoked
    table.text('receipt'); // a C2SP signed note, or its text without a signature
    table.text('receipt_at');
    table.text('result');
    table.index(['tenant_id', 'at']);
    table.index(['receipt_at']);
  });
  await knex.schema.createTable('disconnected_credentials', (table) => {
    table.text('disconnection_id').notNullable().references('id').inTable('disconnections');
    table.text('tenant_id').notNullable().references('id').inTable('tenants');
    table.text('credential_id').notNullable();
    table.text('was').notNullable(); // active, pending or retired
    table.integer('sessions_revoked').notNullable();
    table.integer('sessions_not_revoked').notNullable();
    table.primary(['disconnection_id', 'credential_id']);
    table.index(['tenant_id', 'credential_id']);
  });
};

exports.down = async (knex) => {
  await knex.schema.dropTable('disconnected_credentials');
  await knex.schema.dropTable('disconnections');
};
