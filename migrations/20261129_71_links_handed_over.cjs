/**
 * An invitation whose link staff hand over themselves proves no mailbox. `unproved_since`: when such a link made the
 * account; null once its address is proved.
 */
exports.up = async (knex) => {
  await knex.schema.alterTable('invitations', (table) => table.integer('by_hand').notNullable().defaultTo(0));
  await knex.schema.alterTable('people', (table) => table.text('unproved_since'));
};

exports.down = async (knex) => {
  await knex.raw('alter table people drop column unproved_since');
  await knex.raw('alter table invitations drop column by_hand');
};
