/** When a proxy header last came from a sender that TRUST_PROXY does not name: for `latchkey doctor`. */
exports.up = (knex) =>
  knex.schema.createTable('untrusted_proxies', (table) => {
    table.text('trusted').primary(); // TRUST_PROXY at that time
    table.text('seen_at').notNullable();
  });

exports.down = (knex) => knex.schema.dropTable('untrusted_proxies');
