/** What the fax pull of the ISV last reported for a tenant, and for each of its lines: counts and times only. */
exports.up = async (knex) => {
  await knex.schema.createTable('fax_reports', (table) => {
    table.text('tenant_id').primary().references('tenants.id');
    table.text('completed_at').notNullable().index(); // when the reported run ended
    table.text('reported_at').notNullable();
  });
  await knex.schema.createTable('fax_report_lines', (table) => {
    table.text('tenant_id').notNullable().references('tenants.id');
    table.text('extension_id').notNullable();
    table.text('completed_at').notNullable(); // of the last report that has this line
    for (const name of ['listed', 'fetched', 'pending', 'failed', 'lost', 'gaps']) table.integer(name).notNullable();
    table.text('oldest_pending_at');
    table.text('oldest_failed_at');
    table.integer('mailbox_messages'); // as last counted; null before the first count
    table.text('recent').notNullable(); // JSON of fax-reports/mailbox.ts `Recent`
    table.primary(['tenant_id', 'extension_id']);
  });
  // For the metrics: only the rows that are counted.
  await knex.raw('create index fax_report_lines_pending on fax_report_lines (pending) where pending > 0');
  await knex.raw(
    'create index fax_report_lines_full on fax_report_lines (mailbox_messages) where mailbox_messages >= 150',
  );
};

exports.down = async (knex) => {
  for (const name of ['fax_report_lines', 'fax_reports']) await knex.schema.dropTable(name);
};
