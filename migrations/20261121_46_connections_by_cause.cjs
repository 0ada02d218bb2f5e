/** Clinics of one cause, whatever their state, those that came to it last first. */
exports.up = (knex) =>
  knex.raw('create index connections_by_cause on connections (cause, state_since, tenant_id) where cause is not null');

exports.down = (knex) => knex.raw('drop index connections_by_cause');
