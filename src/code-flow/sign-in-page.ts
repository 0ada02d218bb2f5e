import type { InShort } from '../connections/pages/connection-in-short.js';
import type { JourneyPaths } from '../tenants/journey.js';
import type { Texts } from '../texts/texts.js';
import type { CallbackRefusal } from './code-flow-service.js';

type Facts = {
  t: Texts;
  isv: { isvName: string };
  /** Where the button leads. */
  host: string;
  paths: JourneyPaths;
  /** Where the form is sent, which is this page. */
  action: string;
  people: string;
  /** Whether the clinic is offered the JWT too. */
  offersJwt: boolean;
  /** null if there is none. */
  connection: InShort | null;
};

/**
 * The data of views/code-flow/sign-in.ejs.
 *
 * @param refusal why the last sign-in connected nothing
 * @param nextAt when the limit allows the next try, if it refused this one
 */
export function signInPage(
  { t, isv, host, paths, action, people, offersJwt, connection }: Facts,
  refusal?: CallbackRefusal,
  nextAt?: string,
) {
  const texts = t.codeFlow.page;
  const told = nextAt === undefined ? refusal && t.codeFlow.refusals[refusal] : texts.tooMany(nextAt);
  return {
    title: texts.title,
    backLink: offersJwt ? { href: paths.guide, text: t.guide.backToStart } : undefined,
    told: told ?? (connection?.problem === null ? texts.connected : undefined),
    problem: connection?.problem,
    asWhom: connection?.user ? texts.asWhom(connection.user, isv.isvName) : undefined,
    lead: texts.lead(isv.isvName),
    meaning: [texts.actsFor(isv.isvName), texts.password, texts.renewed],
    action,
    button: { text: texts.button },
    goesTo: texts.goesTo(host),
    colleague: { text: texts.colleague, link: { text: texts.invite, href: people } },
    jwt: offersJwt
      ? {
          summary: texts.jwt.summary,
          paragraphs: [texts.jwt.recommended, texts.jwt.notForMany],
          link: { text: texts.jwt.link, href: paths.guide },
        }
      : undefined,
  };
}

/** The data of views/errors/error.ejs, for a clinic to which staff offer only a JWT. */
export function notOfferedPage(guide: string, t: Texts) {
  const { title, paragraphs, action } = t.codeFlow.notOffered;
  return { title, heading: title, paragraphs, action: { text: action, href: guide } };
}

/** The pages for a return from RingCentral that belongs to no clinic of this session, or that failed here. */
export const endings = {
  signed_out: '/sign-in',
  too_old: '/tenants',
  elsewhere: '/tenants',
  failed: '/tenants',
} as const;
export type Ending = keyof typeof endings;

/**
 * The data of views/errors/error.ejs.
 *
 * @param next where a person goes on who signs in here first; a path of this portal
 */
export function endingPage(ending: Ending, t: Texts, next?: string) {
  const { title, paragraphs, action } = t.codeFlow.endings[ending];
  const query = ending === 'signed_out' && next !== undefined ? `?next=${encodeURIComponent(next)}` : '';
  const href = endings[ending] + query;
  return { title, heading: title, paragraphs, action: { text: action, href } };
}
