import { createHash } from 'node:crypto';

/** Names that Windows keeps for devices, with or without an extension. */
const deviceName = /^(con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/;
/** What a name may hold as it is: nothing that case folding or a Unicode form changes. */
const plain = /[a-z0-9_-]/;
const LONGEST = 200;
const LONG_PREFIX = 100;

/**
 * The name of a clinic's folder: a reversible encoding of the ISV's own id for it. Different ids have different names,
 * on file systems too that ignore case or change Unicode forms. Lower-case letters, digits, `_`, `-` and inner dots are
 * kept; each byte of other characters becomes `=` and two hexadecimal digits. An id whose name would be too long is
 * cut, and `=h` and the SHA-256 of its whole encoding follow.
 */
export function folderName(externalRef: string): string {
  const name = encoded(externalRef);
  if (name.length <= LONGEST) return name;
  const prefix = name.slice(0, LONG_PREFIX).replace(/=[0-9a-f]?$/, '');
  return `${prefix}=h${createHash('sha256').update(name).digest('hex')}`;
}

function encoded(text: string): string {
  if (text === '') return '=z';
  const characters = Array.from(text);
  const name = characters
    .map((one, index) => {
      const isInner = index > 0 && index < characters.length - 1;
      return plain.test(one) || (one === '.' && isInner) ? one : bytesOf(one);
    })
    .join('');
  return deviceName.test(name) ? `${bytesOf(name.slice(0, 1))}${name.slice(1)}` : name;
}

/** `=u` stands before half of a surrogate pair, which UTF-8 cannot express. */
function bytesOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code >= 0xd800 && code <= 0xdfff) return `=u${code.toString(16)}`;
  return [...Buffer.from(character, 'utf8')].map((byte) => `=${byte.toString(16).padStart(2, '0')}`).join('');
}
