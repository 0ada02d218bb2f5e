/** Sessions at RingCentral, the access tokens of those that we hold, and whose turn it is to ask for another one. */
exports.up = async (knex) => {
  await knex.schema.createTable('access_tokens', (table) => {
    table.text('id').primary();
    table.text('tenant_id').notNullable().references('tenants.id');
    table.text('credential_id').notNullable().references('credentials.id');
    table.text('environment').notNullable();
    table.text('owner_id'); // the extension it acts as; null where nobody knows yet
    table.text('asked_at').notNullable();
    table.text('answered_at'); // null while RingCentral is being asked, or where the process ended meanwhile
    table.text('ends_at').notNullable(); // its token is no longer taken, at the latest
    table.text('serves_until'); // null: its token is not held
    table.text('issued_at'); // null: given to nobody but our own checks
    table.text('scopes'); // as RingCentral named them
    table.index(['environment', 'owner_id']);
    table.index(['tenant_id', 'credential_id']);
    table.index(['serves_until']);
    table.index(['ends_at']);
  });
  await knex.schema.createTable('access_token_secrets', (table) => {
    table.text('id').primary().references('access_tokens.id');
    table.text('tenant_id').notNullable();
    table.text('jwe').notNullable(); // flattened JWE without its `aad` member
    table.text('kid').notNullable(); // RFC 7638 thumbprint of the key that sealed it
  });
  await knex.schema.createTable('token_turns', (table) => {
    table.text('tenant_id').primary().references('tenants.id');
    table.integer('number').notNullable().defaultTo(0);
    table.text('held_by');
    table.text('held_until');
    table.text('outcome'); // JSON: why the last turn gave no token; null where it gave one
    table.text('told_until'); // until then the outcome is told without asking again
  });
};

exports.down = async (knex) => {
  for (const name of ['token_turns', 'access_token_secrets', 'access_tokens']) await knex.schema.dropTable(name);
};
