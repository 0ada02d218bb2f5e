/** Old checks are deleted. Whether a page still needs one is looked up by its credential. */
exports.up = (knex) =>
  knex.schema.alterTable('checks', (table) => {
    table.index(['finished_at']);
    table.index(['credential_id', 'finished_at']);
  });

exports.down = (knex) =>
  knex.schema.alterTable('checks', (table) => {
    table.dropIndex(['finished_at']);
    table.dropIndex(['credential_id', 'finished_at']);
  });
