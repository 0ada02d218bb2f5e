/** Which password of a person it is, however it was hashed: what was proved with one is not proved with the next. */
exports.up = async (knex) => {
  await knex.schema.alterTable('people', (table) => {
    table.integer('password_version').notNullable().defaultTo(0);
  });
};

exports.down = async (knex) => {
  await knex.schema.alterTable('people', (table) => table.dropColumn('password_version'));
};
