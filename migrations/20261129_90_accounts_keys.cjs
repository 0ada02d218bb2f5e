/** By which key of ACCOUNTS_KEY a second factor is sealed and a recovery code hashed; which keys have been used. */
exports.up = async (knex) => {
  await knex.schema.createTable('key_checks', (table) => {
    table.text('name').notNullable(); // of the setting
    table.text('value').notNullable(); // derived from the key; does not reveal it
    table.text('first_used_at').notNullable();
    table.primary(['name', 'value']);
  });
  await knex.schema.alterTable('people', (table) => table.text('totp_kid'));
  await knex.schema.alterTable('recovery_codes', (table) => table.text('key_id'));
  for (const { id, totp_sealed: sealed } of await knex('people')
    .whereNotNull('totp_sealed')
    .select('id', 'totp_sealed'))
    await knex('people')
      .where({ id })
      .update({ totp_kid: kidOf(sealed) });
  // There was one key only. A code whose key is unknown is tried with all.
  await knex('recovery_codes').update({
    key_id: knex('people').select('totp_kid').where('people.id', knex.ref('recovery_codes.person_id')),
  });
};

/** The key of a JWE (RFC 7516 §7.2.2). */
const kidOf = (jwe) => JSON.parse(Buffer.from(JSON.parse(jwe).protected, 'base64url').toString('utf8')).kid;

exports.down = async (knex) => {
  await knex.raw('alter table recovery_codes drop column key_id');
  await knex.raw('alter table people drop column totp_kid');
  await knex.schema.dropTable('key_checks');
};
