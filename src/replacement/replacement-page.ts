import { clockText, type IsvFacts } from '../connections/pages/cause-page.js';
import type { ConnectionView } from '../connections/connection-view.js';
import { serves } from '../connections/health/health.js';
import { refusalPart, type Refusal } from '../credentials/credential-page.js';
import { exactTime, type Clock } from '../platform/http/view-helpers.js';
import { signInPathOf, type JourneyPaths } from '../tenants/journey.js';
import type { Texts } from '../texts/texts.js';

type Facts = {
  t: Texts;
  clock: Clock;
  tenant: { id: string; name: string };
  paths: JourneyPaths;
  isv: Pick<IsvFacts, 'isvName'>;
  /** Names of the clinic's people by id. */
  names: ReadonlyMap<string, string>;
  offers: { jwt: boolean; signIn: boolean };
  /** Where people sign in to RingCentral; null if they cannot. */
  signInHost: string | null;
};

/** Why nothing was replaced; `nextAt`: when the limit allows the next paste. */
export type Refused = { refusal: Refusal } | { nextAt: string } | { inUse: true };

const LINES_NAMED = 5;

/** The data of views/replacement/show.ejs: what works now, that it goes on, and one way or two to give the next one. */
export function replacementPage(view: ConnectionView, facts: Facts, refused?: Refused) {
  const { t, clock, tenant, paths, offers, signInHost } = facts;
  const texts = t.connections.replace;
  const works = serves(view.connection.health);
  const part = refused && 'refusal' in refused ? refusalPart(refused.refusal, t, clock) : null;
  const error = errorOf(view, facts, refused);
  const isOnly = !offers.jwt;
  return {
    title: texts.title,
    caption: tenant.name,
    backLink: { text: texts.backLink, href: paths.result },
    errors: error === null ? [] : [{ text: error, href: '#assertion' }],
    code: part?.code,
    now: { heading: works ? texts.now.heading : texts.now.failsHeading, rows: nowRows(view, facts) },
    goesOn: works ? texts.goesOn : texts.fails,
    waits: view.pending ? texts.waits : null,
    paste: offers.jwt
      ? {
          action: `/tenants/${tenant.id}/replacement`,
          field: {
            name: 'assertion',
            label: texts.label,
            hint: texts.hint,
            rows: 8,
            ...(error === null ? {} : { error }),
          },
          button: { text: texts.button },
          how: { text: texts.how, href: paths.makeJwt },
        }
      : null,
    seen: part && part.seen.length > 0 ? { heading: part.heading, rows: part.seen } : null,
    nothingStored: part || (refused && 'inUse' in refused) ? texts.nothingStored : null,
    signIn:
      offers.signIn && signInHost !== null
        ? {
            heading: isOnly ? texts.signIn.onlyHeading : texts.signIn.heading,
            text: texts.signIn.text,
            action: signInPathOf(tenant.id),
            button: { text: texts.signIn.button, ...(isOnly ? {} : { variant: 'secondary' }) },
            goesTo: texts.signIn.goesTo(signInHost),
          }
        : null,
    supportCode: part?.supportCode ?? null,
  };
}

function errorOf({ active }: ConnectionView, { t, clock }: Facts, refused: Refused | undefined): string | null {
  if (!refused) return null;
  if ('nextAt' in refused) return t.credentials.tooMany(refused.nextAt);
  if ('refusal' in refused) return refusalPart(refused.refusal, t, clock).sentence;
  return t.connections.replace.inUse(clockText(active?.submittedAt ?? clock.now, clock));
}

function nowRows({ active, connection, lines }: ConnectionView, { t, clock, names }: Facts) {
  const texts = t.connections.replace.now;
  const { facts, lines: lineTexts } = t.connections;
  const { identity } = connection;
  const read = lines.filter(({ selected }) => selected).map((one) => lineTexts.name(one.name, one.extensionNumber));
  const more = read.length > LINES_NAMED ? [texts.moreLines(read.length - LINES_NAMED)] : [];
  const by = active && names.get(active.submittedBy);
  return [
    ...(active
      ? [
          { key: texts.what, value: texts.given[active.method](by ?? null) },
          { key: texts.since, value: exactTime(active.submittedAt, clock) },
        ]
      : []),
    ...(identity
      ? [
          { key: texts.user, value: identity.ownerName ?? facts.unnamed },
          { key: texts.company, value: identity.accountName ?? facts.unnamed },
        ]
      : []),
    {
      key: texts.lines,
      value: read.length === 0 ? texts.noLines : [...read.slice(0, LINES_NAMED), ...more].join('; '),
    },
  ];
}
