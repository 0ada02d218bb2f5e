/** Credentials that people give by signing in at RingCentral: `kind` is `authorization_code`. */
exports.up = async (knex) => {
  await knex.schema.alterTable('credentials', (table) => {
    table.text('client_id'); // of the app with which the person signed in; null for a JWT
  });
};

exports.down = async (knex) => {
  await knex.schema.alterTable('credentials', (table) => {
    table.dropColumn('client_id');
  });
};
