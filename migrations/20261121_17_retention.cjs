/** So that what is kept no longer is found without reading the whole table. */
const indexes = [
  ['invitations', 'created_at'],
  ['invitations', 'renewal_of'], // looked through for each that is deleted
  ['hand_offs', 'expires_at'],
  ['one_time_links', 'expires_at'],
];

exports.up = async (knex) => {
  for (const [name, column] of indexes) await knex.schema.alterTable(name, (table) => table.index([column]));
};

exports.down = async (knex) => {
  for (const [name, column] of indexes) await knex.schema.alterTable(name, (table) => table.dropIndex([column]));
};
