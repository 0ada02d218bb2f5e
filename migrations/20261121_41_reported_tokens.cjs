/** When a job last said that RingCentral does not take its token any more: believed once a minute at most. */
exports.up = async (knex) => {
  await knex.schema.alterTable('token_turns', (table) => {
    table.text('reported_at');
  });
};

exports.down = async (knex) => {
  await knex.schema.alterTable('token_turns', (table) => {
    table.dropColumn('reported_at');
  });
};
