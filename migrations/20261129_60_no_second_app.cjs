/**
 * The second app that tried each JWT is gone, and with it the warning `over_broad`. Each connection, day and count
 * becomes what it would be without that warning. Events and audit events stay: they say what was told at the time.
 */
const { randomUUID } = require('node:crypto');

const GONE = 'over_broad';
/** Of several warnings the first is shown. */
const warningOrder = ['no_fax_line', 'expires_soon', 'environment_differs'];
const HEALTHY_RANK = 3;
const WARNING_RANK = 4;

const without = (warnings) => warnings.filter((warning) => warning !== GONE);
const shownOf = (warnings) => warningOrder.find((warning) => warnings.includes(warning)) ?? null;
const stateOf = (cause) => (cause === null ? 'healthy' : 'warning');

exports.up = async (knex) => {
  const rows = await Promise.all([
    knex('connections').where('health', 'like', `%"${GONE}"%`).pluck('tenant_id'),
    knex('connection_days').where({ cause: GONE }).orWhere({ last_cause: GONE }).distinct().pluck('tenant_id'),
  ]);
  const tenantIds = new Set(rows.flat());
  for (const tenantId of tenantIds) {
    const checks = await acceptedChecks(knex, tenantId);
    await rewriteConnection(knex, tenantId, checks);
    await rewriteDays(knex, tenantId, checks);
  }
  await knex('connection_counts').where({ cause: GONE }).delete();
  for (const { id, warnings } of await knex('checks').where('warnings', 'like', `%"${GONE}"%`).select('id', 'warnings'))
    await knex('checks')
      .where({ id })
      .update({ warnings: JSON.stringify(without(JSON.parse(warnings))) });
  // In SQLite, knex would copy the table, which others refer to; both databases can do this by themselves.
  await knex.raw('alter table credentials drop column canary');
  await knex.raw('alter table credentials drop column canary_at');
};

/** What each check that was accepted would have shown, in order: the cause, or null where all was well. */
async function acceptedChecks(knex, tenantId) {
  const rows = await knex('checks')
    .where({ tenant_id: tenantId, verdict: 'accepted' })
    .orderBy(['finished_at', 'id'])
    .select('finished_at', 'warnings');
  return rows.map((row) => ({ at: row.finished_at, cause: shownOf(without(JSON.parse(row.warnings))) }));
}

async function rewriteConnection(knex, tenantId, checks) {
  const row = await knex('connections').where({ tenant_id: tenantId }).first();
  const health = JSON.parse(row.health);
  const working = health.serving.state === 'suspect' ? health.serving.before : health.serving;
  if (!working.warnings?.includes(GONE)) return;
  working.warnings = without(working.warnings);
  const cause = shownOf(working.warnings);
  health.since = sinceWhen(cause, working.since, checks) ?? health.since;
  if (health.lastConclusive?.state === 'warning') health.lastConclusive.state = stateOf(cause);
  const mine = knex('connections').where({ tenant_id: tenantId });
  if (row.state !== 'warning') return mine.update({ health: JSON.stringify(health) }); // it is `unverified`
  const state = stateOf(cause);
  await mine.update({ health: JSON.stringify(health), state, cause, state_since: health.since });
  if (row.cause !== GONE) return;
  await knex('connection_counts')
    .insert({ state, cause: cause ?? '', count: 1 })
    .onConflict(['state', 'cause'])
    .merge({ count: knex.raw('connection_counts.count + 1') });
  const data = { cause, fix_owner: cause === null ? null : 'tenant', since: health.since };
  await knex('events').insert({
    id: randomUUID(),
    at: new Date().toISOString(),
    type: cause === null ? 'connection.recovered' : 'connection.warning',
    tenant_id: tenantId,
    data: JSON.stringify(data),
  });
}

/** Since when it has worked with a warning, or without one, as it does now; undefined where no check says so. */
function sinceWhen(cause, workingSince, checks) {
  const served = checks.filter(({ at }) => at >= workingSince);
  const other = served.findLastIndex((check) => stateOf(check.cause) !== stateOf(cause));
  return other === -1 ? workingSince : served[other + 1]?.at;
}

async function rewriteDays(knex, tenantId, checks) {
  const rows = await knex('connection_days')
    .where({ tenant_id: tenantId })
    .andWhere((gone) => gone.where({ cause: GONE }).orWhere({ last_cause: GONE }));
  for (const { day, cause, last_cause: lastCause } of rows) {
    const ofDay = checks.filter(({ at }) => at.slice(0, 10) === day);
    const seen = [checks.findLast(({ at }) => at.slice(0, 10) < day), ...ofDay].filter((check) => check !== undefined);
    const mine = knex('connection_days').where({ tenant_id: tenantId, day });
    if (cause === GONE) {
      const worst = seen.find((check) => check.cause !== null)?.cause ?? null;
      const rank = worst === null ? HEALTHY_RANK : WARNING_RANK;
      await mine.clone().update({ state: stateOf(worst), cause: worst, rank });
    }
    if (lastCause === GONE) {
      const last = seen.at(-1)?.cause ?? null;
      await mine.clone().update({ last_state: stateOf(last), last_cause: last });
    }
  }
}

exports.down = async (knex) => {
  await knex.schema.alterTable('credentials', (table) => {
    table.text('canary');
    table.text('canary_at');
  });
};
