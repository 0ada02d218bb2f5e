/** Requests of programs that may be repeated with one effect: who sent them, what they said, and the answer. */
exports.up = (knex) =>
  knex.schema.createTable('idempotent_requests', (table) => {
    table.text('key_id').notNullable(); // the public part of the API key
    table.text('route').notNullable();
    table.text('idempotency_key').notNullable();
    table.text('body_hash').notNullable(); // SHA-256, base64url
    table.text('claim_id').notNullable();
    table.text('claimed_at').notNullable().index();
    table.text('lease_until').notNullable();
    table.text('answer'); // JSON; null while the request runs
    table.primary(['key_id', 'route', 'idempotency_key']);
  });

exports.down = (knex) => knex.schema.dropTable('idempotent_requests');
