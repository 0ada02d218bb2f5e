/**
 * When RingCentral accepted another JWT with our app, between the refusals of a retired one. Without such a time its death
 * is not proved, so it stays empty for those that were called dead before.
 */
exports.up = (knex) => knex.schema.alterTable('credentials', (table) => void table.text('app_worked_at'));

exports.down = (knex) => knex.schema.alterTable('credentials', (table) => void table.dropColumn('app_worked_at'));
