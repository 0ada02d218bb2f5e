/** Recovery codes; what a session tells its person of itself. A secret that was never confirmed is not kept any more. */
exports.up = async (knex) => {
  await knex.schema.createTable('recovery_codes', (table) => {
    table.text('person_id').notNullable().references('people.id');
    table.text('code_hash').notNullable(); // HMAC-SHA-256 under a key of ACCOUNTS_KEY, base64url
    table.text('created_at').notNullable();
    table.primary(['person_id', 'code_hash']); // a used one is deleted
  });
  await knex.schema.alterTable('sessions', (table) => {
    table.text('device'); // two words of a fixed list, such as "firefox windows": never what the browser said
    table.text('ip');
  });
  await knex('people').whereNull('totp_confirmed_at').update({ totp_sealed: null });
};

exports.down = async (knex) => {
  await knex.schema.alterTable('sessions', (table) => table.dropColumns('device', 'ip'));
  await knex.schema.dropTable('recovery_codes');
};
