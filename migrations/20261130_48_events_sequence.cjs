const ROWS_AT_ONCE = 500;

/**
 * Events got their number when they were inserted, and a lock held every writer up so that it was the order of commits.
 * From now on the worker numbers them after the commit: `nr` is the insertion, `seq` the number that programs see. It
 * is null until then, and `body` is the exact text that programs get. Events that have a number keep it.
 */
exports.up = async (knex) => {
  await knex.schema.createTable('sequences', (table) => {
    table.text('name').primary();
    table.bigInteger('last').notNullable(); // the highest number given
  });
  await knex.raw('alter table events rename column seq to nr');
  await knex.schema.alterTable('events', (table) => {
    table.bigInteger('seq');
    table.text('body');
    table.dropIndex(['tenant_id', 'seq']);
  });
  await knex('events').update({ seq: knex.ref('nr') });
  await writeBodies(knex);
  await knex.schema.alterTable('events', (table) => {
    table.unique(['seq']);
    table.index(['tenant_id', 'seq']);
  });
  await knex.raw('create index events_unnumbered on events (nr) where seq is null');
  const { last } = await knex('events').max({ last: 'seq' }).first();
  if (last !== null) await knex('sequences').insert({ name: 'events', last });
};

async function writeBodies(knex) {
  const page = (after) =>
    knex('events')
      .leftJoin('tenants', 'tenants.id', 'events.tenant_id')
      .where('events.nr', '>', after)
      .orderBy('events.nr')
      .limit(ROWS_AT_ONCE)
      .select('events.*', 'tenants.external_ref');
  for (let rows = await page(0); rows.length > 0; rows = await page(rows.at(-1).nr))
    for (const { nr, id, seq, type, at, tenant_id: tenant, external_ref, data } of rows) {
      const body = JSON.stringify({ id, seq: Number(seq), type, at, tenant, external_ref, data: JSON.parse(data) });
      await knex('events').where({ nr }).update({ body });
    }
}

exports.down = async (knex) => {
  // Without a number an event was told to no program.
  await knex.raw('drop index events_unnumbered');
  await knex.schema.alterTable('events', (table) => {
    table.dropIndex(['tenant_id', 'seq']);
    table.dropUnique(['seq']);
    table.dropColumn('seq');
    table.dropColumn('body');
  });
  await knex.raw('alter table events rename column nr to seq');
  await knex.schema.alterTable('events', (table) => table.index(['tenant_id', 'seq']));
  await knex.schema.dropTable('sequences');
};
