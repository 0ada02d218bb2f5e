/** What state each connection was last seen in, how many there are of each, and what became of that: events, incidents. */
exports.up = async (knex) => {
  await knex.schema.alterTable('connections', (table) => {
    table.text('state').notNullable().defaultTo('not_connected'); // as last told; pages work it out anew
    table.text('cause');
    table.text('state_since');
    table.text('unverified_at').index(); // without new evidence it is `unverified` from then on; null where nothing can go stale
    table.index(['state', 'state_since', 'tenant_id']);
    table.index(['state', 'cause', 'state_since', 'tenant_id']);
  });
  await knex.schema.createTable('connection_counts', (table) => {
    table.text('state').notNullable();
    table.text('cause').notNullable(); // empty where there is none
    table.bigInteger('count').notNullable();
    table.primary(['state', 'cause']);
  });
  await knex.schema.createTable('events', (table) => {
    table.bigIncrements('seq'); // the order in which they were committed
    table.text('id').notNullable().unique();
    table.text('at').notNullable();
    table.text('type').notNullable();
    table.text('tenant_id').references('tenants.id'); // null where it is about the portal
    table.text('data').notNullable(); // JSON: ids, times, cause, fix owner; never a secret
    table.index(['tenant_id', 'seq']);
  });
  await knex.schema.createTable('incidents', (table) => {
    table.text('id').primary();
    table.text('kind').notNullable(); // connection | app | rejections
    table.text('subject').notNullable(); // the tenant, or the environment whose app it is about
    table.text('tenant_id').references('tenants.id');
    table.text('cause');
    table.text('opened_at').notNullable();
    table.text('closed_at');
    table.index(['kind', 'opened_at']);
    table.index(['tenant_id', 'opened_at']);
  });
  await knex.raw('create unique index incidents_one_open on incidents (kind, subject) where closed_at is null');

  // Every tenant has a connection from now on, so that what is counted is all of them.
  const missing = await knex('tenants')
    .leftJoin('connections', 'connections.tenant_id', 'tenants.id')
    .whereNull('connections.tenant_id')
    .select('tenants.id', 'tenants.created_at');
  const none = (since) => ({
    since,
    serving: { state: 'none' },
    pending: null,
    lastRefusal: null,
    lastConclusive: null,
  });
  for (const { id, created_at: since } of missing)
    await knex('connections').insert({ tenant_id: id, health: JSON.stringify(none(since)), state_since: since });
  for (const row of await knex('connections').select('tenant_id', 'health')) {
    const known = stateOf(JSON.parse(row.health));
    await knex('connections')
      .where({ tenant_id: row.tenant_id })
      .update({ state: known.state, cause: known.cause, state_since: known.since });
    const counted = { state: known.state, cause: known.cause ?? '' };
    await knex('connection_counts')
      .insert({ ...counted, count: 1 })
      .onConflict(['state', 'cause'])
      .merge({ count: knex.raw('connection_counts.count + 1') });
  }
};

/** As `shownHealth` was when this was written, apart from time: what is stale is found at the next look. */
function stateOf({ since, serving, pending, lastRefusal }) {
  const of = (state, cause) => ({ state, cause, since });
  if (serving.state === 'none' || serving.state === 'disconnected') {
    if (pending) return of('pending', pending.cause);
    return serving.state === 'none' ? of('not_connected', lastRefusal?.cause ?? null) : of('disconnected', null);
  }
  if (serving.state === 'failing') return of('failing', serving.cause);
  const { warnings } = serving.state === 'suspect' ? serving.before : serving;
  const cause = ['no_fax_line', 'expires_soon', 'environment_differs'].find((one) => warnings.includes(one)) ?? null;
  return of(cause === null ? 'healthy' : 'warning', cause);
}

exports.down = async (knex) => {
  for (const name of ['incidents', 'events', 'connection_counts']) await knex.schema.dropTable(name);
  await knex.schema.alterTable('connections', (table) => {
    table.dropIndex(['unverified_at']);
    table.dropIndex(['state', 'state_since', 'tenant_id']);
    table.dropIndex(['state', 'cause', 'state_since', 'tenant_id']);
    for (const column of ['state', 'cause', 'state_since', 'unverified_at']) table.dropColumn(column);
  });
};
