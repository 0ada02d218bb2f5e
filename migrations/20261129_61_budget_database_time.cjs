/** The auth budget goes by the database's time; nothing is added to it any more. */
exports.up = (knex) => knex.raw('alter table auth_budgets drop column clock_offset_ms');

exports.down = (knex) =>
  knex.schema.alterTable('auth_budgets', (table) => {
    table.bigInteger('clock_offset_ms').notNullable().defaultTo(0);
  });
