/** Pages show what became of an email, so a message says what it is about: the id of an invitation or of a link. */
exports.up = (knex) =>
  knex.schema.alterTable('outbox', (table) => {
    table.text('about');
    table.index(['about']);
  });

exports.down = (knex) =>
  knex.schema.alterTable('outbox', (table) => {
    table.dropIndex(['about']);
    table.dropColumn('about');
  });
