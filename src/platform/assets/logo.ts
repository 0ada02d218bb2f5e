import { readFileSync } from 'node:fs';

export type Logo = { body: Buffer; type: 'image/svg+xml' | 'image/png' | 'image/jpeg' | 'image/webp' };

/** The logo is on every page, and in every mail whose readers can show its type. */
export const MOST_LOGO_BYTES = 100_000;

const startsWith = (body: Buffer, ...bytes: number[]) => body.subarray(0, bytes.length).equals(Buffer.from(bytes));

/** Detects the type by the first bytes, because file names are not reliable. */
function typeOf(body: Buffer): Logo['type'] | undefined {
  if (startsWith(body, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'image/png';
  if (startsWith(body, 0xff, 0xd8, 0xff)) return 'image/jpeg';
  if (body.toString('latin1', 0, 4) === 'RIFF' && body.toString('latin1', 8, 12) === 'WEBP') return 'image/webp';
  return firstElement(body.toString('utf8')) === 'svg' ? 'image/svg+xml' : undefined;
}

/** The name of the first element of an XML document, after the declaration, comments and an SVG doctype. */
function firstElement(xml: string): string | undefined {
  let rest = xml.replace(/^\uFEFF/, '').trimStart();
  for (const [start, end] of [
    ['<?xml', '?>'],
    ['<!--', '-->'],
    ['<!DOCTYPE svg', '>'],
    ['<!--', '-->'],
  ] as const)
    while (rest.startsWith(start) && rest.includes(end)) rest = rest.slice(rest.indexOf(end) + end.length).trimStart();
  return /^<([a-z]+)[\s>/]/.exec(rest)?.[1];
}

/**
 * Constructs that a drawing does not need: code, embedded pages, entities. A browser runs none of them in an image.
 * Rejecting them protects people who open the file directly, in addition to the policy it is sent with.
 */
const active = [
  /<[\w:-]*(?:script|foreignObject|iframe|embed|object|handler|listener)/i,
  /[\s"'/]on\w+\s*=/i,
  /javascript:/i,
  /<!ENTITY/i,
];
const references = [/href\s*=["'\s]*([^"'\s>]*)/gi, /url\(["'\s]*([^"'\s)]*)/gi, /@import["'\s]*(\S*)/gi];
/** Whether a reference stays within the file, because browsers load nothing else for an image. */
const isWithin = (reference: string) => /^(?:#|data:image\/|url\(data:|$)/i.test(reference);

/** What is wrong with the file that ISV_LOGO_FILE names; undefined if nothing is. */
export function logoProblem(body: Buffer): string | undefined {
  if (body.length > MOST_LOGO_BYTES) return `must name a picture of at most ${MOST_LOGO_BYTES / 1000} kB`;
  const type = typeOf(body);
  if (type === undefined) return 'must name an SVG, PNG, JPEG or WebP picture';
  if (type !== 'image/svg+xml') return undefined;
  const text = body.toString('utf8');
  if (active.some((pattern) => pattern.test(text)))
    return 'must name an SVG picture without scripts, handlers and entities';
  const named = references.flatMap((pattern) => [...text.matchAll(pattern)].map(([, name = '']) => name));
  if (!named.every(isWithin)) return 'must name an SVG picture that loads nothing from elsewhere';
  return undefined;
}

/** @throws {Error} if the file cannot be read or `logoProblem` rejects it; the message contains no path */
export function readLogo(path: string): Logo {
  const body = readFileSync(path);
  const problem = logoProblem(body);
  const type = typeOf(body);
  if (problem !== undefined || type === undefined) throw new Error(`ISV_LOGO_FILE ${problem}`);
  return { body, type };
}
