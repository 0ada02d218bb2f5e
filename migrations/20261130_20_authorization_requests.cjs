/** Sign-ins at RingCentral that were started here: one row a start, for one session, for ten minutes and one use. */
exports.up = async (knex) => {
  await knex.schema.createTable('authorization_requests', (table) => {
    table.text('id').primary(); // becomes the id of the credential
    table.text('tenant_id').notNullable().references('tenants.id');
    table.text('person_id').notNullable().references('people.id');
    table.text('session_hash').notNullable(); // SHA-256 of what the forms of the browser session are derived from
    table.text('state_hash').notNullable().unique(); // SHA-256 of 32 random bytes, base64url
    table.text('client_id').notNullable();
    table.text('environment').notNullable();
    table.text('redirect_uri').notNullable(); // as sent
    table.text('verifier_jwe'); // sealed for the row of the credential; null once it was used
    table.text('verifier_kid');
    table.text('created_at').notNullable().index();
    table.text('used_at');
  });
};

exports.down = async (knex) => {
  await knex.schema.dropTable('authorization_requests');
};
