/** Keys of programs. A key that a link will show once has no secret until then; only the hash of its link is stored. */
exports.up = (knex) =>
  knex.schema.createTable('api_keys', (table) => {
    table.text('id').primary(); // the public part of the key
    table.text('name').notNullable();
    table.text('purpose').notNullable();
    table.text('scopes').notNullable(); // JSON
    table.text('tenant_ids'); // JSON; null: every tenant
    table.text('secret_hash'); // SHA-256 of the secret part, base64url; null until the link is used
    table.text('link_hash').unique(); // SHA-256 of the link's token, base64url
    table.text('link_expires_at');
    table.integer('link_repeats').notNullable().defaultTo(0); // how often the link was used after the first time
    table.text('made_by').references('people.id'); // null: the command line
    table.text('made_at').notNullable();
    table.text('expires_at');
    table.text('revoked_at');
    table.text('last_used_at');
    table.index(['made_at', 'id']);
  });

exports.down = (knex) => knex.schema.dropTable('api_keys');
