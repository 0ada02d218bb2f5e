import { isCause } from '../connections/health/causes.js';
import { causeText } from '../connections/pages/cause-page.js';
import type { Cell, Link, Table } from '../platform/http/content.js';
import { exactRange, shownTime, wholeNumber, type Clock } from '../platform/http/view-helpers.js';
import type { Texts } from '../texts/texts.js';
import type { Change, Entry, Use } from './activity-entries.js';

export type Activity = {
  entries: readonly Entry[];
  /** The random id of the event before which the next page begins; its `seq` would tell how busy the portal is. */
  next: string | null;
  /** Whether these are not the newest entries. */
  isPaged: boolean;
  /** Names of the clinic's people by id, and of keys by the id that they are listed with. */
  people: ReadonlyMap<string, string>;
  keys: ReadonlyMap<string, string>;
};
type Facts = { t: Texts; clock: Clock; tenantName: string; isvName: string; url: string };

/** Who uses a clinic's credential, and who changed what. Shows no address of a network and no secret. */
export function activityPage(found: Activity, facts: Facts) {
  const { tenantName, isvName, url } = facts;
  const texts = facts.t.activity;
  const { at, what, by, result } = texts.columns;
  const table: Table = {
    caption: texts.title,
    hideCaption: true,
    empty: texts.empty,
    firstCellIsHeader: false,
    head: [at, what, by, result],
    rows: found.entries.map((entry) =>
      entry.kind === 'use' ? useRow(entry, found, facts) : changeRow(entry, found, facts),
    ),
  };
  const older: Link | null = found.next === null ? null : { text: texts.older, href: `${url}?before=${found.next}` };
  return {
    title: texts.title,
    caption: tenantName,
    lead: texts.lead(isvName),
    table,
    older,
    newest: found.isPaged ? { text: texts.newest, href: url } : null,
    left: texts.left,
  };
}

function useRow(use: Use, { keys }: Activity, { t, clock, isvName }: Facts): Cell[] {
  const texts = t.activity;
  const { keyId, purpose, count, jobIds, from, to, outcome, cause } = use;
  const [jobId] = jobIds;
  const jobs = jobIds.size === 1 && jobId !== undefined ? texts.job(jobId) : texts.jobs(jobIds.size);
  const notes = [
    ...(count === 1 ? [] : [texts.times(wholeNumber(count, clock.language))]),
    ...(jobIds.size === 0 ? [] : [jobs]),
  ];
  const name = keyId === null ? isvName : keyText(keyId, keys, t);
  return [
    count === 1 ? { time: shownTime(from, clock) } : { text: exactRange(from, to, clock) },
    { text: texts.use, ...(notes.length > 0 ? { note: notes.join(', ') } : {}) },
    { text: name, ...(purpose === null ? {} : { note: texts.purpose(purpose) }) },
    {
      text: texts.useResults[outcome],
      ...(cause !== null && isCause(cause) ? { note: causeText(t, cause).short } : {}),
    },
  ];
}

/** A key by name; by its public part if it is deleted. */
const keyText = (id: string, keys: Activity['keys'], { activity }: Texts): string =>
  keys.get(id) ?? activity.unnamedKey(id);

function changeRow({ at, action, outcome, ...actor }: Change, found: Activity, facts: Facts): Cell[] {
  const { t, clock } = facts;
  return [
    { time: shownTime(at, clock) },
    (t.staff.actions as Record<string, string>)[action] ?? action,
    actorText(actor, found, facts),
    (action === 'credential.death_checked' ? t.activity.deathResults : t.activity.results)[outcome],
  ];
}

/** Members by name; the clinic does not learn who of the staff it was. */
function actorText(
  { actorKind, actorId }: Pick<Change, 'actorKind' | 'actorId'>,
  { people, keys }: Activity,
  { t, isvName }: Facts,
): string {
  const { actors } = t.activity;
  if (actorKind === 'person') return people.get(actorId ?? '') ?? isvName;
  if (actorKind === 'command_line') return isvName;
  if (actorKind === 'api_key' && actorId !== null) return keyText(actorId, keys, t);
  return (actors as Record<string, string>)[actorKind] ?? isvName;
}
