/** Reminders of invitations nobody has accepted, and who wants none. Older invitations bring none. */
exports.up = async (knex) => {
  await knex.schema.alterTable('invitations', (table) => {
    table.text('remind_at').index(); // when the next reminder is due; null: none follows
    table.text('opt_out_hash'); // SHA-256 of the token in the mail's link against reminders, base64url
    table.unique(['opt_out_hash']);
  });
  await knex.schema.createTable('invitation_reminders', (table) => {
    table.text('token_hash').primary(); // each mail has a link of its own: the first one's is known to nobody any more
    table.text('opt_out_hash').notNullable().unique();
    table.text('invitation_id').notNullable().references('invitations.id').index();
    table.text('created_at').notNullable();
  });
  await knex.schema.createTable('reminder_opt_outs', (table) => {
    table.text('address_hash').primary(); // of the address in lower case: it need not be kept to be left in peace
    table.text('created_at').notNullable();
  });
};

exports.down = async (knex) => {
  for (const name of ['reminder_opt_outs', 'invitation_reminders']) await knex.schema.dropTable(name);
  await knex.schema.alterTable('invitations', (table) => {
    table.dropUnique(['opt_out_hash']);
    table.dropIndex(['remind_at']);
    table.dropColumn('opt_out_hash');
    table.dropColumn('remind_at');
  });
};
