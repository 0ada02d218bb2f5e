/** A session that RingCentral did not end when it was asked: it is noted once, and counted until it ends by itself. */
exports.up = async (knex) => {
  await knex.schema.alterTable('access_tokens', (table) => {
    table.text('written_off_at'); // null: it was not tried, or it was ended
  });
};

exports.down = async (knex) => {
  await knex.schema.alterTable('access_tokens', (table) => {
    table.dropColumn('written_off_at');
  });
};
