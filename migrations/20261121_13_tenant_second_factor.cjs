/** Whether the members of a tenant must have a second factor. */
exports.up = async (knex) => {
  await knex.schema.alterTable('tenants', (table) => {
    table.boolean('members_need_second_factor').notNullable().defaultTo(false);
  });
};

exports.down = async (knex) => {
  await knex.schema.alterTable('tenants', (table) => table.dropColumn('members_need_second_factor'));
};
