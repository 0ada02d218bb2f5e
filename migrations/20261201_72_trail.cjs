/**
 * The worker numbers the rows of the audit and seals them in a tree of hashes. Everything else of a row stays as it was
 * written, except that its network address may be erased: the tree holds only the salted hash of it.
 */
const COLUMNS = 'seq id at actor_kind actor_id tenant_id action target outcome request_id detail';
const SEAL = 'leaf_index tenant_seq leaf_hash ip_hash';
const REFUSED = 'the audit is only appended to';

const same = (names) =>
  names
    .split(' ')
    .map((name) => `new.${name} is not distinct from old.${name}`)
    .join(' and ');
const unchanged = same(COLUMNS);
const numbered = `old.leaf_index is null and new.leaf_index is not null and ${same('ip')}`;
const erased = `old.leaf_index is not null and ${same(SEAL)} and new.ip is null and new.ip_salt is null`;
const allowed = `${unchanged} and ((${numbered}) or (${erased}))`;

exports.up = async (knex) => {
  await knex.schema.alterTable('audit_events', (table) => {
    table.bigInteger('leaf_index'); // null until the worker numbers the row; from 0, without gaps
    table.bigInteger('tenant_seq'); // from 1, without gaps within the tenant; null for a row of no tenant
    table.text('leaf_hash');
    table.text('ip_salt');
    table.text('ip_hash');
  });
  // Partial, so that a request that inserts a row pays for one small index alone.
  await knex.raw('create index audit_events_unnumbered on audit_events (seq) where leaf_index is null');
  await knex.raw('create unique index audit_events_leaf on audit_events (leaf_index) where leaf_index is not null');
  await knex.raw(
    'create unique index audit_events_of_tenant on audit_events (tenant_id, tenant_seq) where tenant_seq is not null',
  );
  await knex.schema.createTable('audit_tree', (table) => {
    table.integer('id').primary(); // 1
    table.bigInteger('size').notNullable();
    table.text('edge').notNullable(); // the roots of the complete subtrees, from the left, as JSON
    table.text('began_at').notNullable();
  });
  await knex.schema.createTable('audit_checkpoints', (table) => {
    table.bigInteger('size').primary();
    table.text('at').notNullable();
    table.text('note').notNullable();
    table.index(['at']);
  });
  if (knex.client.dialect === 'postgresql') {
    await knex.raw(
      `create function audit_only_appended() returns trigger language plpgsql as $$ begin raise exception '${REFUSED}'; end $$`,
    );
    const run = 'execute function audit_only_appended()';
    await knex.raw(
      `create trigger audit_no_update before update on audit_events for each row when (not (${allowed})) ${run}`,
    );
    await knex.raw(`create trigger audit_no_delete before delete on audit_events for each row ${run}`);
    await knex.raw(`create trigger audit_no_truncate before truncate on audit_events for each statement ${run}`);
    return;
  }
  const refuse = `begin select raise(abort, '${REFUSED}'); end`;
  await knex.raw(`create trigger audit_no_update before update on audit_events when not (${allowed}) ${refuse}`);
  await knex.raw(`create trigger audit_no_delete before delete on audit_events ${refuse}`);
};

exports.down = async (knex) => {
  if (knex.client.dialect === 'postgresql') await knex.raw('drop function audit_only_appended cascade');
  else for (const name of ['audit_no_update', 'audit_no_delete']) await knex.raw(`drop trigger ${name}`);
  for (const name of ['audit_checkpoints', 'audit_tree']) await knex.schema.dropTable(name);
  for (const name of ['unnumbered', 'leaf', 'of_tenant']) await knex.raw(`drop index audit_events_${name}`);
  await knex.schema.alterTable('audit_events', (table) => {
    table.dropColumns('leaf_index', 'tenant_seq', 'leaf_hash', 'ip_salt', 'ip_hash');
  });
  await knex('sequences').where({ name: 'audit' }).delete();
};
