/** Credentials and, in a table of their own, their ciphertexts. */
exports.up = async (knex) => {
  await knex.schema.createTable('sealed_secrets', (table) => {
    table.text('owner_table').notNullable();
    table.text('tenant_id').notNullable();
    table.text('row_id').notNullable();
    table.text('purpose').notNullable();
    table.text('jwe').notNullable(); // flattened JWE without its `aad` member
    table.text('kid').notNullable(); // RFC 7638 thumbprint of the key that sealed it
    table.text('created_at').notNullable();
    table.primary(['tenant_id', 'owner_table', 'row_id', 'purpose']);
    table.index(['kid']);
  });
  await knex.schema.createTable('credentials', (table) => {
    table.text('id').primary();
    table.text('tenant_id').notNullable().references('tenants.id');
    table.text('kind').notNullable(); // jwt
    table.text('status').notNullable(); // pending | active | retired | destroyed
    table.text('fingerprint').notNullable(); // SHA-256 of the JWT, hex: the same JWT again is no new credential
    table.text('submitted_by').notNullable().references('people.id');
    table.text('submitted_at').notNullable();
    table.text('expires_at'); // null: never (year 2090 or later)
    table.text('environment').notNullable(); // as its issuer says
    table.text('kept_until'); // pending: when it is destroyed unproved; retired: when it is destroyed
    table.text('destroyed_at');
    table.text('destroyed_because'); // superseded | refused | expired_unproved | replaced
    table.index(['tenant_id', 'submitted_at']);
    table.index(['status', 'kept_until']);
  });
  // One pending and one serving credential a tenant, whatever races.
  await knex.raw("create unique index credentials_one_pending on credentials (tenant_id) where status = 'pending'");
  await knex.raw("create unique index credentials_one_active on credentials (tenant_id) where status = 'active'");
};

exports.down = async (knex) => {
  for (const name of ['credentials', 'sealed_secrets']) await knex.schema.dropTable(name);
};
