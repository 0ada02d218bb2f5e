export type ToldEvent = { type: string; day: number };

/** The first checks after an outage come within its longest retry, an hour, and in the order that the budget allows. */
const PROVED_AGAIN_WITHIN_DAYS = 0.1;
const SLACK_DAYS = 0.01;

/**
 * The events that the outage does not explain. A connection that was proved almost a day before an outage of a day has
 * no evidence for two days at its end: it becomes `unverified` then, and recovers with the first answer. That pair is
 * left out, once; every other `unverified` stays.
 *
 * @param outageEnds in days since the beginning, as of the events
 */
export function withoutOutage<Event extends ToldEvent>(events: readonly Event[], outageEnds: number): Event[] {
  const isAtItsEnd = (event: ToldEvent | undefined, type: string) =>
    event?.type === type && event.day >= outageEnds - SLACK_DAYS && event.day <= outageEnds + PROVED_AGAIN_WITHIN_DAYS;
  const first = events.findIndex(
    (event, index) =>
      isAtItsEnd(event, 'connection.unverified') && isAtItsEnd(events[index + 1], 'connection.recovered'),
  );
  return events.filter((_event, index) => first === -1 || (index !== first && index !== first + 1));
}
