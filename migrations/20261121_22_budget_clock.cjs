/** A budget's own time: the database's clock, put right where that was set forward or back. */
exports.up = (knex) =>
  knex.schema.alterTable('auth_budgets', (table) => {
    table.text('clock_at'); // the latest moment of it that anybody saw, to a second
    table.bigInteger('clock_offset_ms').notNullable().defaultTo(0); // what to add to the database's clock
  });

exports.down = (knex) =>
  knex.schema.alterTable('auth_budgets', (table) => {
    table.dropColumns('clock_at', 'clock_offset_ms');
  });
