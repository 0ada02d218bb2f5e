import { fixText } from '../../connections/fix/fix-text.js';
import { FIX_EVERY_MS } from '../../connections/fix/fix-mailer.js';
import { isForClinicRole } from '../../notifications/audience.js';
import { mailErrorText } from '../../notifications/mail-state.js';
import type { Notice } from '../../notifications/notice-store.js';
import { exactTime, relativeTime, waitingTime } from '../../platform/http/view-helpers.js';
import { nameOf } from '../activity/activity-page.js';
import { clinicUrl } from '../clinic-urls.js';
import type { ClinicFacts, OverviewEvidence } from './clinic-evidence.js';

type Evidence = Pick<OverviewEvidence, 'tenant' | 'view' | 'checks' | 'names' | 'lastFix' | 'members'>;

/** What the clinic can fix: a button that emails the steps to its people, and the text for another way. */
export function fixPart(evidence: Evidence, facts: ClinicFacts) {
  const { tenant, members, lastFix } = evidence;
  const { t, textsIn, isv, clock, mayChange } = facts;
  const found = fixText(evidence, { t, isv, clock });
  const clinics = fixText(evidence, { t: textsIn(tenant.language), isv, clock });
  if (!found || !clinics) return null;
  const texts = t.staff.tenant.fix;
  const { greeting, end } = textsIn(tenant.language).staff.tenant.fix;
  const them = members.filter(({ role }) => isForClinicRole('fix', role)).map(({ name }) => name);
  const until = new Date(Number(lastFix[0]?.createdAt ?? 0) + FIX_EVERY_MS);
  const mayAgain = until <= clock.now;
  return {
    heading: found.title,
    who: texts.who,
    code: found.cause,
    to:
      them.length === 0
        ? texts.noOne
        : texts.to(new Intl.ListFormat(clock.language, { type: 'conjunction' }).format(them)),
    send:
      mayChange && mayAgain && them.length > 0
        ? { action: `${clinicUrl(tenant.id)}/fix-mails`, button: { text: texts.button } }
        : null,
    again: mayAgain ? null : texts.until(waitingTime(until, clock)),
    last: lastPart(lastFix, evidence, facts),
    other: {
      summary: texts.other,
      copy: {
        id: 'fix',
        label: texts.label,
        value: [greeting, clinics.what.join(' '), clinics.steps.join('\n'), end].join('\n\n'),
        multiline: true,
        rows: clinics.steps.length + 8,
      },
    },
  };
}

/** When the fix was emailed last, and what became of each email. */
function lastPart(lastFix: Notice[], { names }: Evidence, { t, clock }: ClinicFacts) {
  const [first] = lastFix;
  if (!first) return null;
  const { outcomes } = t.staff.tenant.mails;
  return {
    text: t.staff.tenant.fix.last(exactTime(first.createdAt, clock), relativeTime(first.createdAt, clock)),
    items: lastFix.map(({ personId, outcome, error }) => ({
      name: nameOf(personId, names, t),
      outcome: [outcomes[outcome], ...(error === null ? [] : [mailErrorText(t, error)])].join('. '),
    })),
  };
}
