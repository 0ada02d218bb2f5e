/** Links that people are mailed: for a new password, and for a new address. */
exports.up = async (knex) => {
  await knex.schema.alterTable('one_time_links', (table) => {
    // `purpose` from now on: staff_setup | password_reset | address_change
    table.text('email'); // the new address, where the link proves one; else null
    table.index(['person_id', 'purpose']);
  });
};

exports.down = async (knex) => {
  await knex.schema.alterTable('one_time_links', (table) => {
    table.dropIndex(['person_id', 'purpose']);
    table.dropColumn('email');
  });
};
