/** The language a person chose; null where that of their clinic counts. */
exports.up = (knex) => knex.schema.alterTable('people', (table) => table.text('language'));

exports.down = (knex) => knex.schema.alterTable('people', (table) => table.dropColumn('language'));
