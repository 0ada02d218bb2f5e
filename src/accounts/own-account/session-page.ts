import { shownTime, type Clock } from '../../platform/http/view-helpers.js';
import type { Texts } from '../../texts/texts.js';
import type { Cell, Table } from '../../platform/http/content.js';
import type { DeviceWords } from '../sessions/device-words.js';
import type { ListedSession } from '../sessions/session-service.js';

function deviceText(t: Texts, { browser, system }: DeviceWords): string {
  const { browsers, systems, device } = t.account.sessions;
  return device({ browser: browsers[browser], system: systems[system] });
}

/** @param endings where a form ends a browser session; undefined if the viewer may not end any */
export function sessionTable(
  t: Texts,
  sessions: readonly ListedSession[],
  clock: Clock,
  shown: { needsSecondFactor: boolean; endings?: string },
): Table {
  const texts = t.account.sessions;
  const { columns } = texts;
  const { endings } = shown;
  const rows = sessions.map((session): Cell[] => {
    const device = deviceText(t, session.device);
    const waits = shown.needsSecondFactor && !session.secondFactorPassed;
    const note = session.isThis ? texts.thisOne : waits ? texts.waits : undefined;
    return [
      { text: device, ...(note === undefined ? {} : { note }) },
      { time: shownTime(session.signedInAt, clock) },
      { time: shownTime(session.lastSeenAt, clock) },
      session.ip ?? texts.unknown,
      ...(endings === undefined
        ? []
        : [
            session.isThis
              ? ''
              : { action: { text: texts.end, hidden: device, post: endings, fields: { session: session.handle } } },
          ]),
    ];
  });
  const head = [columns.device, columns.signedIn, columns.lastSeen, columns.ip];
  return {
    caption: texts.caption,
    head: endings === undefined ? head : [...head, columns.end],
    rows,
    empty: texts.none,
  };
}

export function sessionsPage(
  t: Texts,
  sessions: readonly ListedSession[],
  clock: Clock,
  shown: { needsSecondFactor: boolean; ended: boolean },
) {
  const texts = t.account.sessions;
  const endings = '/account/sessions/endings';
  return {
    title: texts.title,
    backLink: { text: t.account.title, href: '/account' },
    lead: texts.lead,
    table: { ...sessionTable(t, sessions, clock, { ...shown, endings }), hideCaption: true },
    others: sessions.length > 1 ? { action: '/account/sessions/others/endings', button: texts.endOthers } : null,
    notice: shown.ended ? texts.ended : null,
  };
}
