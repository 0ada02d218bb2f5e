/**
 * The RingCentral accounts that a person has said are the clinic's, and the one that waits for that. Clinics that were
 * connected, or whose account staff approved, count as confirmed; the person is not known.
 */
exports.up = async (knex) => {
  await knex.schema.createTable('confirmed_accounts', (table) => {
    table.text('tenant_id').notNullable().references('id').inTable('tenants');
    table.text('account_id').notNullable();
    table.text('confirmed_at').notNullable();
    table.text('confirmed_by'); // a member or a member of staff; null: it was connected before this table
    table.primary(['tenant_id', 'account_id']);
  });
  await knex.schema.createTable('unconfirmed_accounts', (table) => {
    table.text('tenant_id').primary().references('id').inTable('tenants');
    table.text('credential_id').notNullable();
    table.text('account_id').notNullable();
    table.text('owner_id').notNullable();
    table.text('found').notNullable(); // JSON: names, what RingCentral says of the user, fax lines, warnings
    table.text('proved_at').notNullable();
  });
  await knex.raw(
    `insert into confirmed_accounts (tenant_id, account_id, confirmed_at, confirmed_by)
     select tenant_id, account_id, coalesce(connected_at, checked_at, state_since), null
     from connections where account_id is not null`,
  );
  await knex.raw(
    `insert into confirmed_accounts (tenant_id, account_id, confirmed_at, confirmed_by)
     select tenant_id, approved_account_id, coalesce(checked_at, state_since), null
     from connections where approved_account_id is not null and approved_account_id <> coalesce(account_id, '')`,
  );
};

exports.down = async (knex) => {
  await knex.schema.dropTable('unconfirmed_accounts');
  await knex.schema.dropTable('confirmed_accounts');
};
