import type { Incident, IncidentKind } from '../../connections/health/incident-store.js';
import type { Cell } from '../../platform/http/content.js';
import { shownTime, type Clock } from '../../platform/http/view-helpers.js';
import { appNamed, type AppName } from '../../ringcentral/environments.js';
import type { Texts } from '../../texts/texts.js';

type Facts = { t: Texts; clock: Clock };
/** An incident that is not limited to one clinic. */
export type PortalIncident = Incident &
  ({ kind: Exclude<IncidentKind, 'connection' | 'webhook'>; subject: AppName } | { kind: 'webhook' });

export const incidentsUrl = '/staff/incidents';

export const isPortalIncident = (incident: Incident): incident is PortalIncident => incident.kind !== 'connection';

export function incidentsPage(incidents: PortalIncident[], { t, clock }: Facts) {
  const texts = t.staff.incidents;
  const rows = incidents.map((incident): Cell[] => [
    { text: texts.kinds[incident.kind].title, href: `${incidentsUrl}/${incident.id}` },
    placeOf(incident, t),
    { time: shownTime(incident.openedAt, clock) },
    incident.closedAt ? { time: shownTime(incident.closedAt, clock) } : texts.open,
  ]);
  const { what, environment, opened, closed } = texts.columns;
  return {
    title: texts.title,
    lead: texts.lead,
    table: {
      caption: texts.title,
      hideCaption: true,
      head: [what, environment, opened, closed],
      rows,
      empty: texts.none,
    },
  };
}

function placeOf({ kind, subject }: PortalIncident, t: Texts): string {
  if (kind === 'webhook') return t.webhooks.title;
  const { environment, app } = appNamed(subject);
  const { text } = t.staff.create.environments[environment === 'biz' ? 'biz' : 'production'];
  return app === 'jwt' ? text : t.staff.incidents.ofSignIn.place(text);
}

export function incidentPage(incident: PortalIncident, { t, clock }: Facts) {
  const texts = t.staff.incidents;
  const { title, what, fix } = texts.kinds[incident.kind];
  const { openedAt, probedAt, closedAt, codes } = incident;
  const item = (at: Date, text: string, said: string[] = []) => ({ time: shownTime(at, clock), text, codes: said });
  const wasAsked = probedAt !== null && probedAt > openedAt;
  return {
    title,
    backLink: { text: texts.title, href: incidentsUrl },
    state: closedAt ? texts.over : texts.open,
    paragraphs: [
      ...(incident.kind !== 'webhook' && appNamed(incident.subject).app === 'sign_in' ? [texts.ofSignIn.what] : []),
      closedAt ? texts.overWhat : what,
    ],
    fix: closedAt ? null : { heading: texts.fix, text: fixByCode(codes, texts.byCode) ?? fix },
    timeline: {
      heading: texts.timeline,
      items: [
        item(openedAt, codes.length > 0 ? texts.openedWith : texts.opened, codes),
        ...(wasAsked ? [item(probedAt, texts.asked)] : []),
        ...(closedAt ? [item(closedAt, texts.closed)] : []),
      ],
    },
  };
}

/** What to do is more exact for some codes. */
const fixByCode = (codes: readonly string[], texts: Readonly<Record<string, string>>): string | undefined =>
  codes.map((code) => (Object.hasOwn(texts, code) ? texts[code] : undefined)).find((text) => text !== undefined);

/** The problems that clinics did not cause, at the top of the list of clinics; undefined if there is none now. */
export const incidentBanner = (open: PortalIncident[], { t, clock }: Facts) =>
  open.length === 0
    ? undefined
    : {
        title: t.staff.incidents.now(open.length),
        items: open.map(({ id, kind, openedAt }) => ({
          text: t.staff.incidents.kinds[kind].title,
          href: `${incidentsUrl}/${id}`,
          time: shownTime(openedAt, clock),
        })),
      };
