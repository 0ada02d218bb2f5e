import { signNote, type NoteSigner } from '../platform/signed-notes/signed-note.js';

/** Size and root of the tree at one time, as C2SP tlog-checkpoint. `origin` names the log. */
export type Checkpoint = { origin: string; size: number; root: string };

/** The checkpoint as a signed note, or its text alone if nothing signs. */
export function writeCheckpoint({ origin, size, root }: Checkpoint, signers: readonly NoteSigner[]): string {
  const text = `${origin}\n${size}\n${root}\n`;
  return signers.length === 0 ? text : signNote(text, signers);
}

/** Reads the text in front of the signatures, which must be verified elsewhere; null if it is not a checkpoint. */
export function readCheckpoint(note: string): Checkpoint | null {
  const [, origin = '', digits = '', root = ''] =
    /^(\S[^\n]*)\n(0|[1-9]\d{0,14})\n([A-Za-z0-9+/]{43}=)\n/.exec(note) ?? [];
  return root === '' ? null : { origin, size: Number(digits), root };
}
