import { causes, fixOwnerOf, isCause, warningOrder, type FixOwner } from '../../connections/health/causes.js';
import type { Brand } from '../../platform/http/locals.js';
import type { Texts } from '../../texts/texts.js';

type Explained = { title: string; what: string[]; who: string; job: string };

/** Causes that pass without a change. */
const isTransient = (owner: FixOwner, cause: string): boolean =>
  owner === 'nobody' || owner === 'ringcentral' || cause === 'unreachable';

/** The data of views/api/error.ejs; undefined for a code that is no cause. */
export function errorPage(cause: string, t: Texts, brand: Brand) {
  const explained = explain(cause, t, brand);
  return explained && { ...explained, cause, headings: t.api.errorPage };
}

function explain(cause: string, t: Texts, { name: isv, appName: app }: Brand): Explained | undefined {
  const { problems, errorPage: texts } = t.api;
  if (isCause(cause)) {
    const text = t.connections.causes[cause];
    const owner = fixOwnerOf(cause);
    return {
      title: titleOf(cause, t),
      what: text.what({ isv, app, expires: null, unexpired: false, unanswered: false }),
      who: owner === 'isv' ? texts.owners.isv(isv) : texts.owners[owner],
      job: warningOrder.includes(cause) ? texts.jobGoesOn : isTransient(owner, cause) ? texts.jobWaits : texts.jobStops,
    };
  }
  if (!Object.hasOwn(problems, cause)) return undefined;
  const { what, who, job } = problems[cause as keyof typeof problems];
  return { title: titleOf(cause, t), what: [what], who, job };
}

/** A cause in a few words, as its page has it. */
export function titleOf(cause: string, t: Texts): string {
  if (isCause(cause)) return t.connections.causes[cause].short;
  return Object.hasOwn(t.api.problems, cause) ? t.api.problems[cause as keyof typeof t.api.problems].title : '';
}

/** Every cause that has a page. */
export const explainedCauses = (t: Texts): string[] => [...Object.keys(causes), ...Object.keys(t.api.problems)];
