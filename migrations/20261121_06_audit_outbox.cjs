/** What happened, append-only, and what is still to be told. */
exports.up = async (knex) => {
  await knex.schema.createTable('audit_events', (table) => {
    table.bigIncrements('seq');
    table.text('id').notNullable().unique();
    table.text('at').notNullable();
    table.text('actor_kind').notNullable(); // person | portal | command_line
    table.text('actor_id');
    table.text('tenant_id');
    table.text('action').notNullable();
    table.text('target');
    table.text('outcome').notNullable(); // ok | refused
    table.text('ip');
    table.text('request_id');
    table.text('detail').notNullable(); // JSON of codes and counts; never what somebody typed
    table.index(['tenant_id', 'seq']);
    table.index(['tenant_id', 'action', 'at']);
  });
  await knex.schema.createTable('outbox', (table) => {
    table.text('id').primary();
    table.text('kind').notNullable();
    table.text('tenant_id');
    table.text('sealed').notNullable(); // JWE of the message: links in mails are secrets
    table.text('created_at').notNullable();
    table.text('due_at').notNullable();
    table.integer('attempts').notNullable().defaultTo(0);
    table.text('claimed_by');
    table.text('lease_until');
    table.text('finished_at');
    table.text('outcome'); // delivered | gave_up
    table.text('last_error'); // a class of error, never a text from outside
    table.index(['finished_at', 'due_at']);
  });
};

exports.down = async (knex) => {
  for (const name of ['outbox', 'audit_events']) await knex.schema.dropTable(name);
};
