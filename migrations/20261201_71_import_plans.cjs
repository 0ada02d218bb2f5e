/** What a row of a file will do, as it was when the file was checked. */
exports.up = async (knex) => {
  await knex.schema.alterTable('clinic_import_lines', (table) => {
    table.text('planned'); // created | changed | unchanged; null for a refused line, and in files of an older release
  });
};

exports.down = async (knex) => {
  await knex.schema.alterTable('clinic_import_lines', (table) => {
    table.dropColumn('planned');
  });
};
