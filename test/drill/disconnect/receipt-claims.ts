import { openNote, type NoteKey } from '../../../src/platform/signed-notes/signed-note.js';
import { valuesOf } from '../../../src/receipts/receipt-format.js';
import type { SessionsAtRingCentral } from './sessions-at-ringcentral.js';

type Row = { id: string; status: string };
/** The credentials of a clinic as they are stored, and whether RingCentral refuses one. */
type Facts<Of extends Row> = { credentials: readonly Of[]; isDead: (credential: Of) => boolean };

/** What a receipt says that did not happen, at the moment at which it is found. */
export function receiptProblems<Of extends Row>(
  receipt: string,
  keys: readonly NoteKey[],
  { credentials, isDead }: Facts<Of>,
  { ended, displaced, living }: SessionsAtRingCentral,
): string[] {
  const opened = openNote(receipt, keys);
  if (!opened.ok) return [`the signature of a receipt: ${opened.problem}`];
  const problems: string[] = [];
  const number = (name: string) => Number(valuesOf(opened.text, name)[0]);
  const revoked = number('sessions-revoked');
  if (revoked > ended + displaced)
    problems.push(`a receipt says ${revoked} sessions were revoked, and RingCentral ended ${ended} and ${displaced}`);
  if (living > number('sessions-not-revoked')) problems.push('a receipt does not mention a session that lives');
  const lines = valuesOf(opened.text, 'credential');
  for (const line of lines) {
    const credential = credentials.find(({ id }) => line.startsWith(`${id} `));
    if (!line.includes(' destroyed=') || credential?.status !== 'destroyed')
      problems.push(`a receipt says "${line}" of a credential that is ${String(credential?.status)}`);
    const isSaid = line.includes(' proved-dead=') || line.endsWith(' result=proved_dead');
    if (isSaid && !(credential && isDead(credential))) problems.push('a receipt says that a JWT is dead that works');
    if (line.endsWith(' result=revoked') && ended === 0)
      problems.push('a receipt says "revoked" before RingCentral did');
  }
  if (lines.length === 0) problems.push('a receipt has no credential');
  return problems;
}
