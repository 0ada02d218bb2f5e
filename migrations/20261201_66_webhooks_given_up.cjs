/** When staff were told that deliveries to an endpoint are given up. */
exports.up = async (knex) => {
  await knex.schema.alterTable('webhook_endpoints', (table) => {
    table.text('gave_up_told_at');
  });
};

exports.down = async (knex) => {
  await knex.schema.alterTable('webhook_endpoints', (table) => {
    table.dropColumn('gave_up_told_at');
  });
};
