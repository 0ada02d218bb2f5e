import { exactTime, type Clock } from '../platform/http/view-helpers.js';
import type { MessageState } from '../platform/outbox.js';
import type { Texts } from '../texts/texts.js';

/** The sentence about an error class; one without a sentence is shown as it is. */
export const mailErrorText = (t: Texts, error: string): string =>
  (t.mailStates.errors as Record<string, string>)[error] ?? error;

/** What a page says of an email. @param state undefined if it is older than the outbox remembers */
export function mailStateText(
  t: Texts,
  state: MessageState | undefined,
  clock: Clock,
): { text: string; note?: string } {
  const { unknown, waiting, again, delivered, gaveUp } = t.mailStates.outcomes;
  if (!state) return { text: unknown };
  if (state.kind === 'delivered') return { text: delivered(exactTime(state.at, clock)) };
  if (state.kind === 'gave_up') return { text: gaveUp, note: mailErrorText(t, state.error) };
  if (state.error === null) return { text: waiting };
  return { text: again(exactTime(state.nextAt, clock)), note: mailErrorText(t, state.error) };
}

/** The same as one paragraph. */
export function mailStateSentence(t: Texts, state: MessageState | undefined, clock: Clock): string {
  const { text, note } = mailStateText(t, state, clock);
  return [t.mailStates.email(text), ...(note === undefined ? [] : [note])].join(' ');
}
