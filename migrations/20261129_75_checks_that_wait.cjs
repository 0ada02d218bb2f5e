/** Which incident of our own app a check waits for, such as "scope production"; when it ends, the check is due. */
exports.up = async (knex) => {
  await knex.schema.alterTable('check_requests', (table) => {
    table.text('waits_for');
  });
  await knex.raw('create index check_requests_waiting on check_requests (waits_for) where waits_for is not null');
};

exports.down = async (knex) => {
  await knex.raw('drop index check_requests_waiting');
  await knex.schema.alterTable('check_requests', (table) => {
    table.dropColumn('waits_for');
  });
};
