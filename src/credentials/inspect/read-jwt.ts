/** A JSON object as it was read; nothing in it is checked. */
export type JsonObject = Readonly<Record<string, unknown>>;

const base64url = /^[A-Za-z0-9_-]+$/;
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const shapeOfObject = /^\s*\{[^]*\}\s*$/;

/** Most texts that are no JSON end here: a parser that throws is slow, and a paste can have thousands of beginnings. */
const parseObject = (json: string): JsonObject | null => {
  if (!shapeOfObject.test(json)) return null;
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;
  } catch {
    return null;
  }
};

/** Base64url without padding (RFC 7515 §2) as UTF-8 text; null where it is not. Unused last bits are not judged. */
export function decodeText(part: string): string | null {
  if (!base64url.test(part) || part.length % 4 === 1) return null;
  try {
    return strictUtf8.decode(Buffer.from(part, 'base64url'));
  } catch {
    return null;
  }
}

/**
 * One part of a JWT as its JSON object. Of a repeated name the last one counts (RFC 7519 §4 leaves it to the parser).
 *
 * @returns null where the part is not base64url, not UTF-8, not JSON or not an object; never throws
 */
export function decodeObject(part: string): JsonObject | null {
  const json = decodeText(part);
  return json === null ? null : parseObject(json);
}

/** Base64url characters of a signature, by `alg` (RFC 7518 §3): RSA of 2048, 3072 and 4096 bits, the rest have one. */
const signatureLengths: Readonly<Record<string, readonly number[]>> = {
  none: [0],
  HS256: [43],
  HS384: [64],
  HS512: [86],
  ES256: [86],
  ES384: [128],
  ES512: [176],
  EdDSA: [86],
};
export const rsaSignatureLengths: readonly number[] = [342, 512, 683];

export const isUnsecured = (alg: unknown): boolean => typeof alg === 'string' && alg.toLowerCase() === 'none';
export const isRsa = (alg: unknown): boolean => typeof alg === 'string' && /^[RP]S(?:256|384|512)$/.test(alg);

/** How long a whole signature of this `alg` may be; RingCentral's where the `alg` says nothing. */
export function wholeSignatures(alg: unknown): readonly number[] {
  if (isUnsecured(alg)) return [0];
  if (typeof alg !== 'string' || !Object.hasOwn(signatureLengths, alg)) return rsaSignatureLengths;
  return signatureLengths[alg] ?? rsaSignatureLengths;
}

const headerNames = /^\{"(?:alg|kid|typ|cty|enc|zip|x5[uct]|jku|jwk|cri|b64)/;

/** Whether these first characters of a text are those of a JOSE header (RFC 7515 §4): `{"` and a name that only headers have. */
export const beginsHeader = (first: string): boolean =>
  first.startsWith('eyJ') && headerNames.test(Buffer.from(first.slice(0, 8), 'base64url').toString('latin1'));

/**
 * `iss` of a payload that was cut off somewhere, if it stands whole at the top level of what is left.
 *
 * @param part base64url, at most 8,192 characters of it
 */
export function issuerOfCut(part: string): string | null {
  const json = Buffer.from(part, 'base64url').toString('utf8');
  const tokens = json.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]/g) ?? [];
  let depth = 0;
  for (const [index, token] of tokens.entries()) {
    if (token === '{' || token === '[') depth += 1;
    if (token === '}' || token === ']') depth -= 1;
    const value = tokens[index + 2] ?? '';
    if (depth === 1 && token === '"iss"' && tokens[index + 1] === ':' && value.startsWith('"')) return unquote(value);
  }
  return null;
}

function unquote(json: string): string | null {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'string' ? value : null;
  } catch {
    return null;
  }
}
