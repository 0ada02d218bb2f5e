import type { Shown } from '../health/health.js';
import type { FaxLine } from '../proof/fax-line-store.js';
import type { UnconfirmedAccount } from '../proof/confirmed-account-store.js';
import type { Texts } from '../../texts/texts.js';

/** With more lines than this, those that are not selected are collapsed. */
const MOST_UNFOLDED = 10;

/** `forClinic`: staff answer in its place, which is not what they should do first. */
type Actions = { confirm: string; disown: string; forClinic?: true };

/**
 * The data of views/connections/confirm.ejs: whose company it is, whose faxes are read, and whom the credential acts
 * as. The form names what it is about, so that an answer never applies to something else.
 *
 * @param actions where the answers go; null if the reader may not answer
 * @returns null if nothing waits for an answer
 */
export function confirmPart(
  { unconfirmed }: { unconfirmed: UnconfirmedAccount | null },
  { t }: { t: Texts },
  actions: Actions | null,
) {
  if (!unconfirmed) return null;
  const texts = t.connections.confirm;
  const { identity, lines, credentialId } = unconfirmed;
  const { ownerName, ownerExtensionNumber: number } = identity;
  const items = [...lines]
    .sort((a, b) => Number(b.selected) - Number(a.selected))
    .map(({ extensionId, name, extensionNumber, type, selected }) => ({
      value: extensionId,
      text: t.connections.lines.name(name, extensionNumber),
      hint: type === 'FaxUser' ? texts.service : texts.person,
      checked: selected,
    }));
  const open = items.filter(({ checked }, index) => checked || index < MOST_UNFOLDED);
  const folded = items.slice(open.length);
  const common = { name: 'extension_id', small: true };
  const { more } = t.connections.lines;
  return {
    rows: [
      { key: texts.company, value: identity.accountName ?? texts.unnamed },
      { key: texts.account, value: identity.accountId },
      {
        key: texts.user,
        value: { text: ownerName ?? texts.unnamed, ...(number === null ? {} : { note: texts.extension(number) }) },
      },
    ],
    linesHeading: texts.linesLegend,
    noLines: items.length === 0 ? texts.noLines : null,
    /** For a reader who may not answer. */
    names: actions ? [] : open.filter(({ checked }) => checked).map(({ text }) => text),
    lines:
      items.length === 0
        ? null
        : { ...common, id: 'fax-lines', legend: texts.linesLegend, hint: texts.linesHint, items: open },
    more: folded.length > 0 ? { ...common, id: 'more-lines', legend: more, summary: more, items: folded } : null,
    user: { heading: texts.userHeading(ownerName ?? texts.thisUser), paragraphs: texts.userText },
    hidden: { credential_id: credentialId, account_id: identity.accountId },
    answers: actions && {
      yes: { action: actions.confirm, button: { text: texts.yes, ...(actions.forClinic && { variant: 'secondary' }) } },
      no: {
        heading: texts.noHeading,
        text: texts.noText,
        action: actions.disown,
        button: { text: texts.no, variant: 'secondary' },
      },
    },
    viewer: actions ? null : texts.viewer,
  };
}

/** The first success, said once to the person who brought it about. */
export function donePart(
  { shown, lines }: { shown: Shown; lines: FaxLine[] },
  { t, isv }: { t: Texts; isv: { isvName: string } },
) {
  const texts = t.connections.confirm.done;
  if (shown.state !== 'healthy' && shown.state !== 'warning') return null;
  return { title: texts.title, text: texts.text(isv.isvName, lines.filter(({ selected }) => selected).length) };
}
