/** A replaced credential is destroyed at once; those that were to be kept for a week are due now. */
exports.up = (knex) =>
  knex('credentials')
    .where({ status: 'retired' })
    .update({ kept_until: knex.ref('submitted_at') });

exports.down = () => Promise.resolve();
