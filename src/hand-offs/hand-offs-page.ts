import { causeText, ownerText, type IsvFacts } from '../connections/pages/cause-page.js';
import { fixOwnerOf } from '../connections/health/causes.js';
import type { Cell } from '../platform/http/content.js';
import { exactTime, shownTime, type Clock } from '../platform/http/view-helpers.js';
import type { Texts } from '../texts/texts.js';
import type { Visit } from './hand-off-service.js';
import { hasEnded, type HandOff, type HandOffState } from './hand-off-types.js';

type Facts = {
  t: Texts;
  clock: Clock;
  isv: Pick<IsvFacts, 'isvName'>;
  tenantName: string;
  action: string;
  guide: string;
  names: Map<string, { name: string }>;
};

/** The badge of each state. */
const badges: Record<HandOffState, string> = {
  made: 'not_connected',
  opened: 'pending',
  checking: 'pending',
  refused: 'failing',
  inconclusive: 'unverified',
  accepted: 'healthy',
  replaced: 'disconnected',
  revoked: 'disconnected',
  expired: 'disconnected',
};

export function handOffsPage(
  found: (Visit & { state: HandOffState })[],
  fresh: { handOff: HandOff; url: string } | null,
  facts: Facts,
) {
  const { t, clock, tenantName, action } = facts;
  const texts = t.handOffs.list;
  return {
    title: texts.title,
    backLink: { text: t.guide.backToStart, href: facts.guide },
    caption: tenantName,
    lead: texts.lead,
    fresh: fresh && freshPart(fresh, facts),
    make: {
      action,
      text: texts.make,
      note: found.some(({ state }) => state === 'made') ? texts.replaces : null,
      variant: fresh ? 'secondary' : undefined,
    },
    table: {
      caption: texts.caption,
      empty: texts.empty,
      firstCellIsHeader: false,
      head: [texts.columns.made, texts.columns.state, ''],
      rows: found.map((row): Cell[] => {
        const { handOff, state } = row;
        const made = shownTime(handOff.createdAt, clock);
        const by = facts.names.get(handOff.madeBy)?.name ?? t.staff.tenant.gone;
        const post = `${action}/${handOff.id}/revocation`;
        return [
          { time: made, note: texts.by(by) },
          { badge: { state: badges[state], text: texts.states[state] }, ...noteOf(row, facts) },
          hasEnded(state) ? '' : { action: { text: texts.end, hidden: texts.endWhich(made.exact), post } },
        ];
      }),
    },
  };
}

/** Why the paste was refused and who must fix it; otherwise how long the link works. */
function noteOf({ handOff, outcome, state }: Visit & { state: HandOffState }, { t, clock, isv }: Facts) {
  if (state === 'refused' && outcome?.kind === 'refused') {
    const { cause } = outcome;
    return { note: `${causeText(t, cause).short}. ${ownerText(t, fixOwnerOf(cause), isv.isvName)}.` };
  }
  return hasEnded(state) ? {} : { note: t.handOffs.list.until(exactTime(handOff.expiresAt, clock)) };
}

/** The new link; only its maker sees it, and only in this session. */
function freshPart({ handOff, url }: { handOff: HandOff; url: string }, { t, clock, isv }: Facts) {
  const texts = t.handOffs.list.fresh;
  const subject = texts.subject(isv.isvName);
  const body = texts.mail({ isv: isv.isvName, url, expires: exactTime(handOff.expiresAt, clock) });
  const mailto = `mailto:?subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(body.replaceAll('\n', '\r\n'))}`;
  return {
    heading: texts.heading,
    url: { id: 'hand-off-link', label: texts.link, value: url },
    mail: { id: 'hand-off-mail', label: texts.text, value: body, multiline: true, rows: 12 },
    send: { text: texts.send, href: mailto },
    once: texts.once,
  };
}
