import { isRefusedAgain, type Retirement } from '../credentials/credential-types.js';
import { dateOnly, exactTime, type Clock } from '../platform/http/view-helpers.js';
import type { Texts } from '../texts/texts.js';
import type { EndedCredential, Outcome } from './disconnection-types.js';
import { resultOf } from './result.js';

type Facts = {
  t: Texts;
  clock: Clock;
  /** The address under which a person says that it was deleted, or wants it destroyed. */
  url: string;
  may: { disconnect: boolean; claim: boolean };
  isStaff: boolean;
};

/** Whether it is kept, to be tried once a person says that it was deleted. */
export const isKept = ({ credential: { status } }: EndedCredential): boolean => status === 'retired';

/** The data of views/disconnection/ended.ejs: what became of one credential, and what people can do about it. */
export function endedPart(ended: EndedCredential, outcome: Outcome, facts: Facts) {
  const { t, clock, url, may, isStaff } = facts;
  const texts = t.disconnection.after;
  const { credential } = ended;
  const heading =
    credential.method === 'jwt'
      ? texts.jwt(exactTime(credential.submittedAt, clock))
      : texts.signIn(exactTime(credential.submittedAt, clock));
  if (credential.status === 'destroyed') {
    const isOpen = credential.method === 'authorization_code' && outcome.isRevoking;
    return {
      heading,
      paragraphs: [isOpen ? texts.revoking : texts.results[resultOf(ended)]],
      deletion: null,
      destruction: null,
    };
  }
  const { saidDeleted, tried } = credential.retirement ?? {};
  return {
    heading,
    paragraphs: [
      ...(credential.keptUntil ? [texts.kept(dateOnly(credential.keptUntil, clock))] : []),
      ...(saidDeleted ? [texts.saidDeleted(exactTime(saidDeleted.at, clock))] : []),
      ...(tried ? [triedText(tried, credential.retirement, facts)] : []),
    ],
    deletion: may.claim
      ? {
          ...(isStaff ? texts.stepsOfStaff : { heading: texts.stepsTitle, steps: texts.steps }),
          action: `${url}/deletions`,
          credentialId: credential.id,
          button: { text: isStaff ? texts.deletedForStaff : texts.deleted },
        }
      : null,
    destruction: may.disconnect
      ? {
          heading: texts.destroyTitle,
          text: texts.destroyWhat,
          action: `${url}/destruction`,
          disconnectionId: outcome.disconnection.id,
          button: { text: texts.destroy, variant: 'warning' as const },
        }
      : null,
  };
}

const triedText = (
  { at, answer }: NonNullable<Retirement['tried']>,
  retirement: Retirement | null,
  { t, clock }: Pick<Facts, 't' | 'clock'>,
): string => {
  const texts = t.disconnection.after.tried;
  const isAgain = retirement !== null && isRefusedAgain(retirement);
  return (isAgain ? texts.refusedAgain : texts[answer])(exactTime(at, clock));
};

/** Says which JWT is meant, where the clinic has another one by now. */
export function previousPart(ended: EndedCredential, outcome: Outcome, facts: Facts) {
  const part = endedPart(ended, outcome, facts);
  const { previous } = facts.t.disconnection.after;
  return { ...part, paragraphs: [previous(dateOnly(outcome.disconnection.at, facts.clock)), ...part.paragraphs] };
}
