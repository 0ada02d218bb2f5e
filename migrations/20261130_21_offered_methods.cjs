/** Which ways to connect the people of a tenant are offered: both, jwt or authorization_code. */
exports.up = async (knex) => {
  await knex.schema.alterTable('tenants', (table) => {
    table.text('offered_methods').notNullable().defaultTo('both');
  });
};

exports.down = async (knex) => {
  await knex.schema.alterTable('tenants', (table) => table.dropColumn('offered_methods'));
};
