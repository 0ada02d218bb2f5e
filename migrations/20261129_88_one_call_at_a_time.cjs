/** A caller asks for one call at a time: no call is reserved for later. */
exports.up = async (knex) => {
  await knex('auth_calls').where({ state: 'reserved' }).delete();
  await knex.raw('alter table auth_calls drop column slots');
};

exports.down = (knex) =>
  knex.schema.alterTable('auth_calls', (table) => {
    table.integer('slots').notNullable().defaultTo(1);
  });
