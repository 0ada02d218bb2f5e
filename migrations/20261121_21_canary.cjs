/** What became of trying a pasted JWT with another app of the ISV. */
exports.up = async (knex) => {
  await knex.schema.alterTable('credentials', (table) => {
    table.text('canary'); // due | refused | token | inconclusive; null: it is not to be tried
    table.text('canary_at');
  });
};

exports.down = async (knex) => {
  await knex.schema.alterTable('credentials', (table) => table.dropColumns('canary', 'canary_at'));
};
