/** The oldest open delivery of an endpoint is read at each scrape, also when a long outage has left many. */
exports.up = async (knex) => {
  await knex.schema.alterTable('webhook_deliveries', (table) => {
    table.index(['endpoint_id', 'state', 'is_test', 'made_at'], 'webhook_deliveries_oldest');
  });
};

exports.down = async (knex) => {
  await knex.schema.alterTable('webhook_deliveries', (table) => {
    table.dropIndex([], 'webhook_deliveries_oldest');
  });
};
