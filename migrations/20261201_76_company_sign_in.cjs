/** Staff who sign in with an account of their company (OpenID Connect), and sign-ins that have begun. */
exports.up = async (knex) => {
  await knex.schema.alterTable('staff', (table) => {
    table.text('company_issuer'); // `iss` and `sub` of the ID token; both null for staff who sign in with a password
    table.text('company_subject');
    table.text('company_linked_at');
    table.unique(['company_issuer', 'company_subject']);
  });
  await knex.schema.createTable('company_sign_ins', (table) => {
    table.text('state_hash').primary(); // SHA-256 of the state, base64url
    table.text('session_hash').notNullable(); // SHA-256 of the key of the browser session, base64url
    table.text('purpose').notNullable(); // sign_in | confirm | link
    table.text('person_id').references('people.id'); // null for sign_in
    table.text('link_id'); // of an invitation, for link
    table.text('sealed').notNullable(); // JWE under ACCOUNTS_KEY: nonce and code verifier
    table.text('next'); // a path of the portal
    table.text('created_at').notNullable().index();
  });
};

exports.down = async (knex) => {
  await knex.schema.dropTable('company_sign_ins');
  await knex.schema.alterTable('staff', (table) => {
    table.dropUnique(['company_issuer', 'company_subject']);
    table.dropColumns('company_issuer', 'company_subject', 'company_linked_at');
  });
};
