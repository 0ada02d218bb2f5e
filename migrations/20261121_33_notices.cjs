/** Who was told what about a connection, once each; and when the people of a JWT that expires are reminded next. */
exports.up = async (knex) => {
  await knex.schema.createTable('notices', (table) => {
    table.text('id').primary();
    table.text('about').notNullable(); // an incident, a credential, or the day of a digest
    table.text('kind').notNullable();
    table.text('tenant_id').references('tenants.id'); // null where it is about the portal
    table.text('person_id').notNullable().references('people.id');
    table.text('created_at').notNullable();
    table.text('outcome').notNullable(); // waiting | delivered | refused | not_wanted
    table.text('error'); // a class, never a text of a mail server
    table.text('settled_at');
    table.unique(['about', 'person_id', 'kind']);
    table.index(['tenant_id', 'created_at']);
  });
  await knex.schema.alterTable('credentials', (table) => {
    table.text('remind_at').index(); // of one that serves and expires; null where nobody is to be reminded
  });
  for (const { id, expires_at: expires } of await knex('credentials')
    .where({ status: 'active' })
    .whereNotNull('expires_at')
    .select('id', 'expires_at'))
    await knex('credentials')
      .where({ id })
      .update({ remind_at: new Date(Date.parse(expires) - 30 * 86_400_000).toISOString() });
};

exports.down = async (knex) => {
  await knex.schema.alterTable('credentials', (table) => {
    table.dropIndex(['remind_at']);
    table.dropColumn('remind_at');
  });
  await knex.schema.dropTable('notices');
};
