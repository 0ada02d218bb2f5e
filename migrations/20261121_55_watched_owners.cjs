/** What RingCentral last showed of the user each tenant's credential acts as, and the last change for the worse. */
exports.up = async (knex) => {
  await knex.schema.createTable('watched_owners', (table) => {
    table.text('tenant_id').primary().references('tenants.id');
    table.text('owner_id').notNullable();
    table.text('facts').notNullable(); // JSON: status, type, admin, roles
    table.text('change_id'); // null where none was seen; what people are told of once
    table.text('change_kinds'); // status type admin roles, those that changed
    table.text('change_before'); // JSON like facts
    table.text('change_seen_at');
    table.text('change_over_at'); // null while it is shown
  });
};

exports.down = (knex) => knex.schema.dropTable('watched_owners');
