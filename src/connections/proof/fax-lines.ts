import type { Extension } from '../../ringcentral/catalogue/outcome.js';
import type { FaxLine } from './fax-line-store.js';

/** Stored per account; a page with thousands of checkboxes would not help. */
const MOST_LINES = 200;
/** Probed in one check. These calls are of the group Light, of which RingCentral allows a user 50 per minute. */
const MOST_PROBES = 40;

/** RingCentral's types of extensions whose mailbox can receive faxes. */
const faxTypes = ['FaxUser', 'User', 'Department', 'VirtualUser', 'DigitalUser'];

/**
 * Updates a tenant's lines after RingCentral listed its extensions. New fax users are selected; a
 * person's own line is theirs to select. The choices of people stay. A line that no longer exists stays only if it was selected, so that its loss
 * is visible.
 */
export function mergeFaxLines(known: FaxLine[], listed: Extension[], ownerId: string): FaxLine[] {
  const before = new Map(known.map((line) => [line.extensionId, line]));
  const isChosen = ({ id }: Pick<Extension, 'id'>) => before.get(id)?.selected === true;
  const rank = (extension: Extension) => (extension.id === ownerId ? 0 : extension.type === 'FaxUser' ? 1 : 2);
  const kept = listed
    .filter(({ id, type, status }) => {
      if (isChosen({ id }) || id === ownerId) return true;
      return type !== null && faxTypes.includes(type) && status !== 'Unassigned';
    })
    .sort((a, b) => Number(isChosen(b)) - Number(isChosen(a)) || rank(a) - rank(b))
    .slice(0, MOST_LINES);
  const fresh = kept.map((extension): FaxLine => {
    const line = before.get(extension.id);
    return {
      extensionId: extension.id,
      name: extension.name ?? extension.extensionNumber ?? extension.id,
      extensionNumber: extension.extensionNumber,
      type: extension.type ?? 'User',
      selected: line ? line.selected : extension.type === 'FaxUser',
      listed: true,
      readable: line?.readable ?? null,
      cause: line?.cause ?? null,
      probedAt: line?.probedAt ?? null,
    };
  });
  const present = new Set(kept.map(({ id }) => id));
  const gone = known
    .filter(({ extensionId, selected }) => selected && !present.has(extensionId))
    .map((line) => ({ ...line, listed: false }));
  return [...fresh, ...gone];
}

/**
 * The selected lines to probe now: first those that could not be read, because an acceptance without them would be
 * wrong; then those probed longest ago, so that all lines get probed in turn.
 */
export const linesToProbe = (lines: FaxLine[]): FaxLine[] =>
  lines
    .filter(({ selected }) => selected)
    .sort((a, b) => unread(a) - unread(b) || (a.probedAt?.getTime() ?? 0) - (b.probedAt?.getTime() ?? 0))
    .slice(0, MOST_PROBES);

const unread = ({ readable }: FaxLine): 0 | 1 => (readable === 'no' ? 0 : 1);
