/** Open checks in the order in which they are taken: by lane, then by when they came due. */
exports.up = async (knex) => {
  await knex.raw('create index check_requests_in_line on check_requests (lane, due_at, id) where finished_at is null');
  // What is not the daily round goes before it: see schedule.ts.
  await knex('check_requests')
    .whereNull('finished_at')
    .where({ lane: 'background' })
    .whereIn('trigger', ['confirmation', 'pending'])
    .update({ lane: 'urgent' });
};

exports.down = async (knex) => {
  await knex('check_requests').where({ lane: 'urgent' }).update({ lane: 'background' });
  await knex.raw('drop index check_requests_in_line');
};
