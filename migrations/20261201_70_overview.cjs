/** What the overview of staff shows and is too slow to count for each page. */
exports.up = async (knex) => {
  await knex.schema.createTable('connected_days', (table) => {
    table.text('day').primary(); // UTC; the numbers are those at its end, or of now
    table.integer('connected').notNullable();
    table.integer('clinics').notNullable();
  });
  await knex.schema.createTable('overview_figures', (table) => {
    table.text('name').primary();
    table.text('made_at').notNullable();
    table.text('figures').notNullable(); // numbers and times as JSON
  });
  await knex.schema.createTable('console_visits', (table) => {
    table.text('tenant_id').primary().references('tenants.id');
    table.text('first_at').notNullable(); // when someone of the clinic first opened the step in RingCentral's console
  });
  await backfill(knex);
};

exports.down = async (knex) => {
  await knex.schema.dropTable('console_visits');
  await knex.schema.dropTable('overview_figures');
  await knex.schema.dropTable('connected_days');
};

const DAY_MS = 86_400_000;
const DAYS = 90;
const ROWS = 5000;
const isConnected = (state) => state === 'healthy' || state === 'warning';

/** The last 90 days, from what was recorded of each clinic: a day without a record is as the day before ended. */
async function backfill(knex) {
  const today = Math.floor(Date.now() / DAY_MS);
  const change = new Array(DAYS).fill(0);
  const added = new Array(DAYS).fill(0);
  const at = (day) => Math.min(Math.max(Math.floor(Date.parse(day) / DAY_MS) - today + DAYS - 1, 0), DAYS - 1);
  let last = { tenant_id: '', day: '' };
  let was = false;
  for (;;) {
    const rows = await knex('connection_days')
      .whereRaw('(tenant_id, day) > (?, ?)', [last.tenant_id, last.day])
      .orderBy(['tenant_id', 'day'])
      .limit(ROWS)
      .select('tenant_id', 'day', 'last_state');
    for (const row of rows) {
      if (row.tenant_id !== last.tenant_id) {
        was = false;
        added[at(row.day)] += 1;
      }
      const is = isConnected(row.last_state);
      if (is !== was) change[at(row.day)] += is ? 1 : -1;
      was = is;
      last = row;
    }
    if (rows.length < ROWS) break;
  }
  if (last.tenant_id === '') return;
  let [connected, clinics] = [0, 0];
  for (let index = 0; index < DAYS; index += 1) {
    connected += change[index];
    clinics += added[index];
    const day = new Date((today - DAYS + 1 + index) * DAY_MS).toISOString().slice(0, 10);
    if (clinics > 0) await knex('connected_days').insert({ day, connected, clinics });
  }
}
