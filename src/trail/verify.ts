import { openNote, type NoteKey } from '../platform/signed-notes/signed-note.js';
import { readCheckpoint, type Checkpoint } from './checkpoint.js';
import { addressHash, hashOf } from './leaf.js';
import type { Sealed } from './trail-store.js';
import { growingTree } from './tree.js';

export type Verdict =
  | { ok: true; size: number; root: string; checkpoints: number; unsigned: number; newest: Checkpoint | null }
  /** `row`: the number of the first bad row, from 0; the sentence says what is wrong there. */
  | { ok: false; row: number; problem: string };

export type Given = {
  rows: AsyncIterable<Sealed> | Iterable<Sealed>;
  /** In the order of their sizes. */
  checkpoints: AsyncIterable<string> | Iterable<string>;
  /** Held elsewhere. */
  older: readonly string[];
  keys: readonly NoteKey[];
  /** What the database says of itself: how many rows were sealed, and their root. */
  claimed: { size: number; root: string } | null;
};

/**
 * Recomputes the tree from the rows as they come, and compares it with everything that was said of it. It holds a few
 * hashes and a number for each tenant, however many rows there are.
 */
export async function verifyTrail({ rows, checkpoints, older, keys, claimed }: Given): Promise<Verdict> {
  const tree = growingTree();
  const lastOf = new Map<string, number>();
  const held: { checkpoint: Checkpoint }[] = [];
  for (const note of older) {
    const read = checked(note, keys, true);
    if ('problem' in read) return { ok: false, row: 0, problem: `the given checkpoint ${read.problem}` };
    held.push(read);
  }
  held.sort((a, b) => a.checkpoint.size - b.checkpoint.size);
  const stored = each(checkpoints);
  let next = await stored.next();
  let [count, unsigned] = [0, 0];
  let newest: Checkpoint | null = null;
  let from = 0;

  /** Compares with every checkpoint of the size that the tree has now. */
  const compare = async (): Promise<Verdict | null> => {
    for (; held[0] && held[0].checkpoint.size <= tree.size(); held.shift())
      if (held[0].checkpoint.size < tree.size() || held[0].checkpoint.root !== rootOf())
        return bad(from, 'the rows up to the given checkpoint are not those that it was made of');
    while (!next.done) {
      const read = checked(next.value, keys, false);
      if ('problem' in read) return bad(from, `the stored checkpoint after this row ${read.problem}`);
      if (read.checkpoint.size > tree.size()) return null;
      if (read.checkpoint.size < tree.size() || read.checkpoint.root !== rootOf())
        return bad(from, `a row from here up to ${tree.size() - 1} is not the one of the stored checkpoint`);
      count += 1;
      if (!read.signed) unsigned += 1;
      newest = read.checkpoint;
      from = tree.size();
      next = await stored.next();
    }
    return null;
  };
  const rootOf = () => tree.root().toString('base64');

  for await (const row of rows) {
    const index = tree.size();
    const problem = problemOf(row, index, lastOf);
    if (problem !== null) return bad(index, problem);
    tree.append(hashOf(row));
    const differs = await compare();
    if (differs) return differs;
  }
  const end = tree.size();
  if (held[0]) return bad(end, `rows are missing: the given checkpoint has ${held[0].checkpoint.size}`);
  if (!next.done) {
    const read = checked(next.value, keys, false);
    if ('problem' in read) return bad(end, `the stored checkpoint after this row ${read.problem}`);
    return bad(end, `rows are missing: a stored checkpoint has ${read.checkpoint.size}`);
  }
  if (claimed && claimed.size !== end) return bad(Math.min(end, claimed.size), `the tree has ${claimed.size} rows`);
  if (claimed && claimed.root !== rootOf()) return bad(from, 'the tree has another root than these rows');
  return { ok: true, size: end, root: rootOf(), checkpoints: count, unsigned, newest };
}

const bad = (row: number, problem: string): Verdict => ({ ok: false, row, problem });

/** What is wrong with a row by itself and by its place, or null. */
function problemOf(row: Sealed, index: number, lastOf: Map<string, number>): string | null {
  if (row.leaf_index !== index) return `the next row has the number ${row.leaf_index}`;
  if (hashOf(row).toString('base64') !== row.leaf_hash) return 'the row was changed after it was sealed';
  if (row.tenant_id === null) {
    if (row.tenant_seq !== null) return 'the row belongs to no clinic and has a number within one';
  } else {
    const due = (lastOf.get(row.tenant_id) ?? 0) + 1;
    if (row.tenant_seq !== due) return `the row is not number ${due} of its clinic`;
    lastOf.set(row.tenant_id, due);
  }
  const { ip, ip_salt: salt, ip_hash: hash } = row;
  if (ip === null && salt === null) return null; // no address, or one that was erased
  if (ip === null || salt === null || addressHash(salt, ip) !== hash) return 'the network address was changed';
  return null;
}

type Read = { checkpoint: Checkpoint; signed: boolean } | { problem: string };

/** `mustSign`: whether a checkpoint without a signature proves nothing. */
function checked(note: string, keys: readonly NoteKey[], mustSign: boolean): Read {
  const checkpoint = readCheckpoint(note);
  if (!checkpoint) return { problem: 'is not a checkpoint' };
  const isBare = note === `${checkpoint.origin}\n${checkpoint.size}\n${checkpoint.root}\n`;
  if (isBare) return mustSign ? { problem: 'is unsigned' } : { checkpoint, signed: false };
  const opened = openNote(note, keys);
  if (opened.ok) return { checkpoint, signed: true };
  return {
    problem: {
      malformed: 'is not a signed note',
      no_known_key: 'is signed by none of the known keys',
      wrong_signature: 'was changed after it was signed',
    }[opened.problem],
  };
}

async function* each<T>(values: AsyncIterable<T> | Iterable<T>): AsyncGenerator<T, undefined> {
  for await (const value of values) yield value;
  return undefined;
}
