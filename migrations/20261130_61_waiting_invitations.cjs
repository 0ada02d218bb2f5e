/** Invitations that wait for an answer, those that have waited longest first. */
exports.up = (knex) =>
  knex.raw(
    'create index invitations_waiting on invitations (created_at, tenant_id) where accepted_at is null and revoked_at is null',
  );

exports.down = (knex) => knex.raw('drop index invitations_waiting');
