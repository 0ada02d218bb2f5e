/** When a person last used the portal; null where that was not recorded yet. */
exports.up = (knex) => knex.schema.alterTable('people', (table) => table.text('last_used_at'));

exports.down = (knex) => knex.raw('alter table people drop column last_used_at');
