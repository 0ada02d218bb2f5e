import { isRefusedAgain } from '../../credentials/credential-types.js';
import { dateOnly } from '../../platform/http/view-helpers.js';
import type { RetiredView } from '../connection-view.js';
import { clockText, consoleLink, momentText, type PageFacts } from './cause-page.js';

type Reader = {
  names: ReadonlyMap<string, string>;
  hasNewer?: boolean;
  isToldAbove?: boolean;
  forStaff?: boolean;
};
type State = 'open' | 'trying' | 'works' | 'refused' | 'unclear' | 'dead' | 'unproved';

/**
 * What the page says of a JWT that is no longer used: that its people must delete it at RingCentral, and what was proved
 * of that. The JWT itself is never shown; it is named by when and by whom it was pasted.
 *
 * @param names of the clinic's people by id; `hasNewer`: whether the one in use is in RingCentral's list of JWTs too;
 *   `isToldAbove`: whether the page has said above how to delete it; `forStaff`: the ISV's staff, who cannot delete it
 */
export function retiredPart(
  one: RetiredView,
  { names, hasNewer = false, isToldAbove = false, forStaff = false }: Reader,
  { t, clock, isv, tenantId }: Pick<PageFacts, 't' | 'clock' | 'isv' | 'tenantId'>,
) {
  const texts = { ...t.connections.replace.old, ...(forStaff ? t.connections.replace.oldForStaff : {}) };
  const { credential } = one;
  const { retirement, submittedAt, submittedBy, destroyedAt, keptUntil } = credential;
  const at = (time: Date | null | undefined) => momentText(time ?? clock.now, { t, clock });
  const state = stateOf(one);
  const since = texts.replaced(at(retirement?.at));
  const which = texts.which(at(submittedAt), names.get(submittedBy) ?? null);
  if (state === 'dead') {
    const paragraphs = [since, texts.dead(at(retirement?.provedDeadAt))];
    return { state, heading: texts.deadHeading, paragraphs, steps: [], say: null, kept: null };
  }
  if (state === 'unproved') {
    const onRequest = credential.destroyedBecause === 'on_request';
    const afterWeek = retirement && isRefusedAgain(retirement) ? texts.onlyRefused : texts.unproved;
    const how = (onRequest ? texts.destroyedOnRequest : afterWeek)(at(destroyedAt));
    const paragraphs = [since, which, how];
    return { state, heading: texts.unprovedHeading, paragraphs, steps: [], say: null, kept: null };
  }
  const mayBeThere = state === 'open' || state === 'works' || state === 'unclear';
  return {
    state,
    heading: texts.heading,
    paragraphs: [since, which, ...(mayBeThere ? [texts.alive] : []), ...foundOf(one, state, texts, at)],
    steps:
      mayBeThere && !isToldAbove && !forStaff
        ? [
            { text: texts.open, console: consoleLink(t, isv.consoleUrl) },
            {
              text: [
                texts.remove(clockText(retirement?.at ?? clock.now, clock)),
                ...(hasNewer ? [texts.keepNewest] : []),
              ].join(' '),
            },
            { text: texts.say },
          ]
        : [],
    say:
      mayBeThere && !forStaff
        ? { text: texts.button, action: `/tenants/${tenantId}/connection/deletions`, id: credential.id }
        : null,
    kept: keptUntil && texts.kept(dateOnly(keptUntil, clock)),
  };
}

function stateOf({ credential, trying }: RetiredView): State {
  const { status, retirement, destroyedBecause } = credential;
  if (status === 'destroyed') return destroyedBecause === 'proved_dead' ? 'dead' : 'unproved';
  if (trying) return 'trying';
  if (!retirement?.saidDeleted) return 'open';
  if (!retirement.tried) return 'open';
  return retirement.tried.answer;
}

/** What was found since a person said that it was deleted. */
function foundOf(
  { credential: { retirement }, nextTryAt }: RetiredView,
  state: State,
  texts: Pick<
    PageFacts['t']['connections']['replace']['old'],
    'trying' | 'works' | 'daily' | 'refused' | 'refusedAgain' | 'unclear' | 'later'
  >,
  at: (time: Date | null | undefined) => string,
): string[] {
  const next = nextTryAt && at(nextTryAt);
  const tried = at(retirement?.tried?.at);
  switch (state) {
    case 'trying':
      return [texts.trying];
    case 'works':
      return [texts.works(tried), texts.daily];
    case 'refused':
      return [(retirement && isRefusedAgain(retirement) ? texts.refusedAgain : texts.refused)(tried, next)];
    case 'unclear':
      return [texts.unclear(tried, next)];
    default:
      return retirement?.saidDeleted && next ? [texts.later(next)] : [];
  }
}
