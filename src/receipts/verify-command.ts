import type { CliCommand, Terminal } from '../app/cli-command.js';
import { bytesOf, keysOf } from '../platform/signed-notes/given-keys.js';
import {
  openNote,
  parseNoteKey,
  partsOf,
  type NoteKey,
  type NoteProblem,
} from '../platform/signed-notes/signed-note.js';
import { RECEIPT, valuesOf } from './receipt-format.js';

const USAGE_ERROR = 2;

/** Needs no configuration, no database and no network, so that a clinic can run it anywhere. */
export const receiptVerify: CliCommand = {
  name: 'receipt verify',
  summary: 'says whether a receipt is exactly what was signed; works offline',
  arguments: [{ name: '<file>', summary: 'the receipt as it was downloaded' }],
  options: [
    {
      flags: '--key <key>',
      summary: 'a public key, or a file of them, that you have from a place you trust: /.well-known/latchkey-keys',
    },
  ],
  run: ({ file, key }, terminal) =>
    Promise.resolve(verify(String(file), typeof key === 'string' ? key : undefined, terminal)),
};

function verify(file: string, given: string | undefined, { say, fail }: Terminal): number {
  const note = bytesOf(file);
  if (!note) return usage(fail, `${file} cannot be read`);
  const trusted = given === undefined ? null : keysOf(given);
  if (trusted?.length === 0) return usage(fail, '--key is neither a public key nor a file with one a line');
  const parts = partsOf(note);
  const text = parts?.text ?? note.toString('utf8');
  if (!text.startsWith(`${RECEIPT}\n`)) return fail('bad: this is not a receipt of Latchkey');
  if (!parts) return fail(...notWhole(text));
  const opened = openNote(note, trusted ?? keysIn(text));
  if (!opened.ok) return fail(...sentencesFor[opened.problem]);
  const others = parts.signatures.length - opened.by.length;
  say('good: this receipt is exactly what was signed.');
  for (const line of text.split('\n').filter((one) => /^(receipt|result): /.test(one))) say(line);
  for (const { vkey } of opened.by) say(`signed-by: ${vkey}`);
  if (others > 0) say(`${others} more signature(s) are by keys that were not given. They were not checked.`);
  if (trusted) say('The key is the one that you gave.');
  else for (const line of ownKeyOnly) say(line);
  return 0;
}

/** Without a trusted key, only damage can be noticed: a forger would name a key of their own. */
const ownKeyOnly = [
  'The key was taken from the receipt itself. So this shows that the text has not changed since that key signed it.',
  'It does not show whose key it is. Compare it with /.well-known/latchkey-keys of the portal, or give it with --key.',
];

const sentencesFor: Record<NoteProblem, string[]> = {
  malformed: ['bad: this is not a signed receipt'],
  no_known_key: ['bad: no key that is known here signed this receipt'],
  wrong_signature: ['bad: the text or the signature was changed after it was signed'],
};

function notWhole(text: string): string[] {
  if (text.includes('\r')) return ['bad: the ends of lines were changed; verify the file as it was downloaded'];
  return valuesOf(text, 'signed').includes('no')
    ? ['bad: this receipt is unsigned, so nothing shows whether it was changed']
    : sentencesFor.malformed;
}

const usage = (fail: Terminal['fail'], line: string): number => {
  fail(line);
  return USAGE_ERROR;
};

/** The keys that a receipt names. */
const keysIn = (text: string): NoteKey[] =>
  valuesOf(text, 'key').flatMap((vkey) => {
    const key = parseNoteKey(vkey);
    return key ? [key] : [];
  });
