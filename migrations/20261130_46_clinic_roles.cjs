/**
 * What each person may do in a clinic, and what an invited person will be allowed to do. Until now everyone in a clinic
 * could do everything, so everyone who is there or is invited becomes an owner. A row without a role gets the least one.
 */
exports.up = async (knex) => {
  await knex.schema.alterTable('memberships', (table) => {
    table.text('role').notNullable().defaultTo('viewer'); // owner | member | viewer
  });
  await knex('memberships').update({ role: 'owner' });
  await knex.schema.alterTable('invitations', (table) => {
    table.text('role').notNullable().defaultTo('viewer');
  });
  await knex('invitations').update({ role: 'owner' });
};

exports.down = async (knex) => {
  await knex.schema.alterTable('memberships', (table) => table.dropColumn('role'));
  await knex.schema.alterTable('invitations', (table) => table.dropColumn('role'));
};
