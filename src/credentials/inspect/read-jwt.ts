/** A parsed JSON object; its members are not validated. */
export type JsonObject = Readonly<Record<string, unknown>>;

const base64url = /^[A-Za-z0-9_-]+$/;
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const shapeOfObject = /^\s*\{[^]*\}\s*$/;

/**
 * Rejects most non-JSON texts before parsing: a parser that throws is slow, and a paste can have thousands of
 * candidates.
 */
const parseObject = (json: string): JsonObject | null => {
  if (!shapeOfObject.test(json)) return null;
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;
  } catch {
    return null;
  }
};

/** Decodes base64url without padding (RFC 7515 §2) as UTF-8; null if that fails. Unused trailing bits are ignored. */
export function decodeText(part: string): string | null {
  if (!base64url.test(part) || part.length % 4 === 1) return null;
  try {
    return strictUtf8.decode(Buffer.from(part, 'base64url'));
  } catch {
    return null;
  }
}

/**
 * Decodes one part of a JWT as a JSON object. If a name is repeated, the last value counts (RFC 7519 §4 leaves this to
 * the parser).
 *
 * @returns null if the part is not base64url, UTF-8, JSON or an object; never throws
 */
export function decodeObject(part: string): JsonObject | null {
  const json = decodeText(part);
  return json === null ? null : parseObject(json);
}

/**
 * Length of a signature in base64url characters by `alg` (RFC 7518 §3). RSA keys have 2048, 3072 or 4096 bits; the
 * others have one length.
 */
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

/** The possible lengths of a complete signature for this `alg`; the RSA lengths if `alg` is missing or unknown. */
export function wholeSignatures(alg: unknown): readonly number[] {
  if (isUnsecured(alg)) return [0];
  if (typeof alg !== 'string' || !Object.hasOwn(signatureLengths, alg)) return rsaSignatureLengths;
  return signatureLengths[alg] ?? rsaSignatureLengths;
}

const headerNames = /^\{"(?:alg|kid|typ|cty|enc|zip|x5[uct]|jku|jwk|cri|b64)/;

/** Whether a text begins like a JOSE header (RFC 7515 §4): `{"` and a name that only headers have. */
export const beginsHeader = (first: string): boolean =>
  first.startsWith('eyJ') && headerNames.test(Buffer.from(first.slice(0, 8), 'base64url').toString('latin1'));

/**
 * The `iss` of a truncated payload, if it is complete and at the top level.
 *
 * @param part base64url, at most 8,192 characters
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
