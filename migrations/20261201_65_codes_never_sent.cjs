/** Whether the code of a sign-in was never sent to RingCentral, so that there was no session to revoke. */
exports.up = (knex) =>
  knex.schema.alterTable('disconnected_credentials', (table) => void table.integer('never_exchanged'));

exports.down = (knex) =>
  knex.schema.alterTable('disconnected_credentials', (table) => void table.dropColumn('never_exchanged'));
