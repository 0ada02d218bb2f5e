import { fixOf, momentText, type IsvFacts } from '../connections/pages/cause-page.js';
import { fixOwnerOf } from '../connections/health/causes.js';
import { dateOnly, waitingTime, type Clock } from '../platform/http/view-helpers.js';
import type { JourneyPaths } from '../tenants/journey.js';
import type { Texts } from '../texts/texts.js';
import type { Outcome } from './hand-off-types.js';

type Facts = { t: Texts; clock: Clock; isv: IsvFacts; paths: JourneyPaths };

const REFRESH_SECONDS = 5;

/**
 * Says whether the paste worked, and the missing step in RingCentral's console. Built only from this link's own paste,
 * so it cannot reveal the account, the clinic's lines or other connections.
 *
 * @param until when the limit allows the next check, if it refused one now
 */
export function resultPage(outcome: Outcome, facts: Facts, until?: Date) {
  const { t, clock, paths } = facts;
  const cause = outcome && 'cause' in outcome ? outcome.cause : null;
  const checking = outcome?.kind === 'checking' || (outcome !== null && 'checking' in outcome && outcome.checking);
  const unproved = outcome?.kind === 'refused' || outcome?.kind === 'inconclusive' ? outcome : null;
  const fix = unproved && fixOf({ ...unproved, idPrefix: '', lines: [], checkable: unproved.kept && !checking }, facts);
  // The lead paragraph has already said both.
  const isRetried = outcome?.kind === 'inconclusive';
  return {
    ...wordsFor(outcome, facts),
    caption: t.guide.step(4, 4),
    notice: until ? t.connections.tooManyChecks(waitingTime(until, clock)) : null,
    mainAttributes: {
      'data-outcome': outcome?.kind ?? 'none',
      'data-cause': cause ?? '',
      'data-fix-owner': cause === null ? '' : fixOwnerOf(cause),
      'data-checking': checking ? 'yes' : 'no',
    },
    // The answer to a form cannot be loaded again.
    refreshSeconds: checking && !until ? REFRESH_SECONDS : null,
    next: nextOf(outcome, t, paths),
    fix: fix && isRetried ? { ...fix, nothingToDo: null, nextTry: null } : fix,
    kept: unproved?.kept && unproved.keptUntil ? t.connections.fix.kept(dateOnly(unproved.keptUntil, clock)) : null,
    smallPrint:
      unproved === null
        ? []
        : [
            t.connections.support.cause(unproved.cause),
            ...(unproved.detail.codes?.length ? [t.connections.support.codes(unproved.detail.codes.join(', '))] : []),
            ...(unproved.detail.requestId ? [t.connections.support.requestId(unproved.detail.requestId)] : []),
          ],
  };
}

function wordsFor(outcome: Outcome, { t, clock, isv }: Facts): { title: string; lead: string[] } {
  const { headings, leads } = t.connections;
  const texts = t.handOffs.result;
  switch (outcome?.kind) {
    case undefined:
      return texts.none;
    case 'checking': {
      const { slotAt } = outcome;
      const lead = slotAt === null ? leads.checking : leads.turn(isv.isvName, momentText(slotAt, { t, clock }));
      return { title: headings.checking, lead };
    }
    case 'accepted':
      return outcome.isUnconfirmed ? texts.unconfirmed : texts.accepted;
    case 'replaced':
      return texts.replaced;
    case 'inconclusive': {
      const lead = outcome.checking ? [] : leads.retry(momentText(outcome.nextCheckAt ?? clock.now, { t, clock }));
      return { title: headings.retry, lead };
    }
    case 'refused':
      if (!outcome.kept) return { title: headings.refused, lead: [] };
      return { title: fixOwnerOf(outcome.cause) === 'tenant' ? headings.fix : headings.othersFix, lead: [] };
  }
}

function nextOf(outcome: Outcome, t: Texts, { guide, paste }: JourneyPaths) {
  if (outcome === null) return { text: t.handOffs.result.toGuide, href: guide };
  return outcome.kind === 'replaced' ? { text: t.connections.pasteNew, href: paste } : null;
}
