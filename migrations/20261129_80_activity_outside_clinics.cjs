/** The newest audit events that belong to no tenant. */
exports.up = (knex) =>
  knex.raw('create index audit_events_without_tenant on audit_events (seq) where tenant_id is null');

exports.down = (knex) => knex.raw('drop index audit_events_without_tenant');
