import { isClinicRole } from '../../app/clinic-roles.js';
import type { StoredAuditEvent } from '../../audit/audit-store.js';
import { isCause } from '../../connections/health/causes.js';
import { causeText } from '../../connections/pages/cause-page.js';
import type { Cell } from '../../platform/http/content.js';
import { shownTime, type Clock } from '../../platform/http/view-helpers.js';
import type { Texts } from '../../texts/texts.js';

export const MOST_EVENTS = 50;
export const activityUrl = '/staff/activity';

type Facts = { t: Texts; clock: Clock };
export type Names = ReadonlyMap<string, { name: string }>;

/** Audit events of a page, newest first. */
export type Events = {
  events: StoredAuditEvent[];
  /** The names of the people in the events, by id. */
  names: Names;
  /** Whether there are older events. */
  more: boolean;
  /** Whether these are not the newest events. */
  paged: boolean;
};

/** @returns the name that the page shows for a person */
export const nameOf = (id: string, names: Names, t: Texts): string => names.get(id)?.name ?? t.staff.tenant.gone;

/** A person by name, an API key by its public part, which the list of keys has too. */
function actorOf({ actorKind, actorId }: Pick<StoredAuditEvent, 'actorKind' | 'actorId'>, names: Names, t: Texts) {
  const actor = t.staff.tenant.actors[actorKind];
  if (actorId === null) return actor;
  if (actorKind === 'person') return nameOf(actorId, names, t);
  return actorKind === 'api_key' ? `${actor} (${actorId})` : actor;
}

/** Time, action, actor and result of each event; codes and counts are in small print. */
export const eventRows = ({ events, names }: Events, { t, clock }: Facts): Cell[][] =>
  events.map(({ at, action, actorKind, actorId, outcome, detail }) => {
    const codes = Object.entries(detail).flatMap(([key, value]) => (value === null ? [] : [`${key}: ${value}`]));
    return [
      { time: shownTime(at, clock) },
      (t.staff.actions as Record<string, string>)[action] ?? action,
      actorOf({ actorKind, actorId }, names, t),
      { text: resultOf({ outcome, detail }, t), ...(codes.length > 0 ? { note: codes.join(', ') } : {}) },
    ];
  });

/** "Rejected: Client ID not added", or nothing to say. */
function resultOf(
  { outcome, detail: { cause, role } }: Pick<StoredAuditEvent, 'outcome' | 'detail'>,
  t: Texts,
): string {
  return [
    ...(outcome === 'ok' ? [] : [t.staff.tenant.activity.outcomes[outcome]]),
    ...(typeof cause === 'string' && isCause(cause) ? [causeText(t, cause).short] : []),
    ...(typeof role === 'string' && isClinicRole(role) ? [t.people.roles[role].name] : []),
  ].join(': ');
}

/** Links to the older and to the newest events. */
export function eventPaging({ events, more, paged }: Events, url: string, t: Texts) {
  const { older, newest } = t.staff.tenant.activity;
  const last = events.at(-1);
  return {
    older: more && last ? { text: older, href: `${url}?before=${last.seq}#activity` } : null,
    newest: paged ? { text: newest, href: `${url}#activity` } : null,
  };
}

export function activityPage(found: Events, facts: Facts) {
  const texts = facts.t.staff.activity;
  const { activity } = facts.t.staff.tenant;
  const { at, what, who, detail } = activity.columns;
  return {
    title: texts.title,
    lead: texts.lead,
    table: {
      caption: texts.title,
      hideCaption: true,
      empty: activity.empty,
      firstCellIsHeader: false,
      head: [at, what, who, detail, texts.address],
      rows: eventRows(found, facts).map((row, index) => [...row, found.events[index]?.ip ?? '']),
    },
    ...eventPaging(found, activityUrl, facts.t),
  };
}
