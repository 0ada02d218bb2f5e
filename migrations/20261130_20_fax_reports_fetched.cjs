/** Up to when the faxes of every line of a tenant were fetched, as of its last report; null if a line was never read. */
exports.up = async (knex) => {
  await knex.schema.alterTable('fax_reports', (table) => table.text('fetched_at'));
  await knex('fax_reports').update({
    fetched_at: knex('fax_report_lines')
      .min('completed_at')
      .whereRaw('fax_report_lines.tenant_id = fax_reports.tenant_id'),
  });
};

exports.down = (knex) => knex.schema.alterTable('fax_reports', (table) => table.dropColumn('fetched_at'));
