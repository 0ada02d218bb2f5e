/**
 * A JWT that was replaced, or whose clinic was disconnected, is kept for a week, only to find out whether RingCentral
 * still accepts it.
 */
exports.up = (knex) =>
  knex.schema.alterTable('credentials', (table) => {
    table.text('retired_at');
    table.text('retired_because'); // replaced | disconnected
    table.text('said_deleted_at'); // when a person last said that it was deleted at RingCentral
    table.text('said_deleted_by'); // person id
    table.text('tried_at'); // the last death check
    table.text('tried_answer'); // works | refused | unclear
    table.text('tried_cause');
    table.text('refused_since'); // the first of refusals in a row by which it may be dead
    table.text('proved_dead_at');
  });

exports.down = (knex) =>
  knex.schema.alterTable('credentials', (table) => {
    table.dropColumns(
      'retired_at',
      'retired_because',
      'said_deleted_at',
      'said_deleted_by',
      'tried_at',
      'tried_answer',
      'tried_cause',
      'refused_since',
      'proved_dead_at',
    );
  });
