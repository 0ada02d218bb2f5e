/** Sessions at RingCentral of credentials that are no longer used, until the worker has revoked them or they end. */
exports.up = (knex) =>
  knex.schema.createTable('ending_sessions', (table) => {
    table.text('id').primary(); // of the access token
    table.text('tenant_id').notNullable().references('id').inTable('tenants');
    table.text('credential_id').notNullable();
    table.text('environment').notNullable();
    table.text('jwe').notNullable(); // bound to the row of the access token
    table.text('ends_at').notNullable(); // in the database's time, like that of the access token
    table.text('not_before'); // the next attempt
    table.index(['tenant_id', 'credential_id']);
    table.index(['ends_at']);
  });

exports.down = (knex) => knex.schema.dropTable('ending_sessions');
