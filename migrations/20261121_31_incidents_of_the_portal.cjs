/** What an incident of the whole portal is probed with, and which refusals are new. */
exports.up = async (knex) => {
  await knex.schema.alterTable('incidents', (table) => {
    table.text('probed_at'); // the last call that was let through to see whether it is over
    table.text('codes').notNullable().defaultTo('[]'); // JSON array: what RingCentral said when it opened
  });
  await knex.schema.alterTable('connections', (table) => {
    table.text('suspect_since').index(); // refused once and not confirmed; null for all others
  });
};

exports.down = async (knex) => {
  await knex.schema.alterTable('connections', (table) => {
    table.dropIndex(['suspect_since']);
    table.dropColumn('suspect_since');
  });
  await knex.schema.alterTable('incidents', (table) => {
    table.dropColumn('probed_at');
    table.dropColumn('codes');
  });
};
