/**
 * The credential of an ended sign-in was destroyed. Its refresh token is kept until the worker has ended the session at
 * RingCentral with it, and no longer than the token lives.
 */
exports.up = (knex) =>
  knex.schema.alterTable('refresh_tokens', (table) => {
    table.boolean('is_ended').notNullable().defaultTo(false);
    table.index(['is_ended', 'obtained_at']);
  });

exports.down = (knex) =>
  knex.schema.alterTable('refresh_tokens', (table) => {
    table.dropIndex(['is_ended', 'obtained_at']);
    table.dropColumn('is_ended');
  });
