/**
 * The refresh token of each credential that a person gave by signing in; its ciphertext is in `sealed_secrets`. While an
 * attempt to rotate it is open, RingCentral may have ended it and the access tokens that came with it.
 */
exports.up = async (knex) => {
  await knex.schema.createTable('refresh_tokens', (table) => {
    table.text('credential_id').primary().references('credentials.id');
    table.text('tenant_id').notNullable().references('tenants.id');
    table.text('client_id').notNullable(); // of the app that obtained it; no other app may use it
    table.text('environment').notNullable();
    table.text('owner_id').notNullable();
    table.integer('version').notNullable(); // incremented by each rotation
    table.text('began_at').notNullable(); // when the session began at RingCentral
    table.text('obtained_at').notNullable(); // when this version was obtained
    table.text('ends_at').notNullable(); // when this version ends unless it is rotated
    table.integer('idle_seconds'); // the account's idle limit; null: none
    table.text('session_ends_at'); // the account's absolute limit; null: none
    table.text('attempted_at'); // since then RingCentral may have rotated it without our knowledge
    table.text('attempt_id'); // who rotates it now, until leased_until
    table.text('leased_until');
    table.index(['environment', 'owner_id']);
    table.index(['attempted_at']);
    table.index(['tenant_id']);
  });
};

exports.down = (knex) => knex.schema.dropTable('refresh_tokens');
