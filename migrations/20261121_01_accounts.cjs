/** People, what they sign in with, and their sessions. Times are ISO 8601 UTC text. */
exports.up = async (knex) => {
  await knex.schema.createTable('people', (table) => {
    table.text('id').primary();
    table.text('email').notNullable().unique(); // lower case
    table.text('name').notNullable();
    table.text('password_hash'); // argon2id, PHC string; null until the person has set one
    table.text('totp_sealed'); // JWE under ACCOUNTS_KEY; null until enrolment began
    table.text('totp_confirmed_at'); // null until the first right code
    table.bigInteger('totp_last_step'); // the last 30 s step used, so that a code works once
    table.text('created_at').notNullable();
    table.text('disabled_at');
  });
  await knex.schema.createTable('staff', (table) => {
    table.text('person_id').primary().references('people.id');
    table.text('role').notNullable(); // administrator | operator | auditor
    table.text('created_at').notNullable();
  });
  await knex.schema.createTable('one_time_links', (table) => {
    table.text('id').primary();
    table.text('token_hash').notNullable().unique(); // SHA-256 of 32 random bytes, base64url
    table.text('purpose').notNullable(); // staff_setup
    table.text('person_id').notNullable().references('people.id');
    table.text('created_at').notNullable();
    table.text('expires_at').notNullable();
    table.text('used_at');
  });
  await knex.schema.createTable('sessions', (table) => {
    table.text('id_hash').primary(); // SHA-256 of the session id, base64url
    table.text('person_id').references('people.id');
    table.text('data').notNullable();
    table.text('created_at').notNullable();
    table.text('last_seen_at').notNullable();
    table.text('expires_at').notNullable().index();
    table.index(['person_id']);
  });
  await knex.schema.createTable('known_devices', (table) => {
    table.text('token_hash').notNullable(); // a browser that has signed in as this person before
    table.text('person_id').notNullable().references('people.id');
    table.text('created_at').notNullable();
    table.text('expires_at').notNullable().index();
    table.primary(['token_hash', 'person_id']); // a clinic's computer has several people
  });
  await knex.schema.createTable('attempts', (table) => {
    table.text('bucket').primary(); // a hash of what is counted: no address is written down
    table.integer('failures').notNullable(); // in a row
    table.text('blocked_until'); // nothing is tried before
    table.text('expires_at').notNullable().index(); // then counting starts anew
  });
};

exports.down = async (knex) => {
  for (const name of ['attempts', 'known_devices', 'sessions', 'one_time_links', 'staff', 'people']) {
    await knex.schema.dropTable(name);
  }
};
