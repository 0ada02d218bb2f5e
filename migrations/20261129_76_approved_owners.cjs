/** The user that staff approved for a credential in use that acts as another user than before. */
exports.up = (knex) =>
  knex.schema.alterTable('connections', (table) => {
    table.text('approved_owner_id');
  });

exports.down = (knex) =>
  knex.schema.alterTable('connections', (table) => {
    table.dropColumn('approved_owner_id');
  });
