import { readFileSync } from 'node:fs';
import { parseNoteKey, type NoteKey } from './signed-note.js';

/** null if the file cannot be read */
export function bytesOf(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch {
    return null;
  }
}

/** A key as text, or the keys of a file with one a line. Empty if it is neither. */
export function keysOf(given: string): NoteKey[] {
  const typed = parseNoteKey(given);
  if (typed) return [typed];
  const lines = bytesOf(given)?.toString('utf8').split(/\r?\n/).filter(Boolean) ?? [];
  const keys = lines.map(parseNoteKey);
  return keys.every((key) => key !== null) ? keys : [];
}
