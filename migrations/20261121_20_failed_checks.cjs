/** A check that cannot be made: how often in a row, and why. Whoever tries it again waits longer each time. */
exports.up = async (knex) => {
  await knex.schema.alterTable('check_requests', (table) => {
    table.integer('failures').notNullable().defaultTo(0); // claims in a row that came to no end
    table.text('failed_because'); // key_missing | ciphertext_damaged | defect; null: the process ended
  });
};

exports.down = async (knex) => {
  await knex.schema.alterTable('check_requests', (table) => table.dropColumns('failures', 'failed_because'));
};
