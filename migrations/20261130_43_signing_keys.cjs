/** The public parts of the keys that ever signed notes, so that web can publish them and old notes stay verifiable. */
exports.up = (knex) =>
  knex.schema.createTable('signing_keys', (table) => {
    table.text('vkey').primary(); // C2SP signed-note
    table.text('first_used_at').notNullable();
  });

exports.down = (knex) => knex.schema.dropTable('signing_keys');
