const names = ['held_owner_name', 'held_account_name'];

/** What RingCentral calls the user and the company of an account that waits for approval. */
exports.up = (knex) =>
  knex.schema.alterTable('connections', (table) => {
    for (const name of names) table.text(name);
  });

exports.down = async (knex) => {
  for (const name of names) await knex.raw('alter table connections drop column ??', [name]);
};
