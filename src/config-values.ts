import { z } from 'zod';
import { isLoopback, isRefusedByBrowsers } from './platform/addresses.js';
import { isOneByteRepeated } from './platform/sealing/sealing.js';
import { readSigningKeys } from './platform/signed-notes/signing-keys.js';

/** https anywhere; http only if the traffic cannot leave the machine. */
const httpUrl = z.string().refine((text) => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const safe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname));
  return safe && url.username === '' && url.password === '';
}, 'must be an https URL (http for loopback addresses only)');
export const origin = httpUrl.transform((text) => new URL(text).origin);
/** Compared to the letter with what the server says of itself (OpenID Connect Discovery 1.0 §3). */
export const issuerUrl = httpUrl.refine((text) => !/[?#]/.test(text), 'must have no query and no fragment');
/** Cookies, forms and links begin at the root. */
const isOrigin = (text: string): boolean => !URL.canParse(text) || /^\/?$/.test(text.split(/:\/\/[^/?#]*/)[1] ?? '');
export const publicUrl = httpUrl.refine(isOrigin, 'must be an origin without a path').pipe(origin);
export const list = z.string().transform((text) => text.split(/[\s,]+/).filter(Boolean));
export const wholeNumber = (from: number, to: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, `must be a whole number from ${from} to ${to}`)
    .transform(Number)
    .refine((value) => value >= from && value <= to, `must be a whole number from ${from} to ${to}`);
export const port = wholeNumber(0, 65_535);
export const browserPort = port.refine(
  (value) => !isRefusedByBrowsers(value),
  'is a port that browsers refuse to open',
);
export const oneOf = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.enum(values, { error: `must be one of: ${values.join(', ')}` });
export const filled = z.string().min(1, 'is missing');
const jsonFile = z.string().transform((text): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
});
export const jwks = jsonFile.refine(
  (parsed) => Array.isArray((parsed as { keys?: unknown } | null | undefined)?.keys),
  'must be a file that holds a JWKS: see "latchkey keys generate"',
);
export const signingKeys = z.string().transform((text, context) => {
  const keys = readSigningKeys(text);
  if (!keys) context.addIssue('must be a file that holds an Ed25519 key: see "latchkey keys generate --audit"');
  return keys ?? [];
});
const bizApp = z
  .strictObject({
    serverUrl: origin,
    mediaUrl: origin,
    clientId: filled,
    clientSecretFile: filled,
    codeClientId: filled.optional(),
    codeClientSecretFile: filled.optional(),
  })
  .refine(
    ({ clientId, codeClientId = clientId, codeClientSecretFile }) => codeClientId === clientId || codeClientSecretFile,
    'must give codeClientSecretFile beside a codeClientId that is not the clientId',
  );
export const environmentsFile = jsonFile.pipe(
  z.strictObject(
    { biz: bizApp.optional() },
    'must be a JSON file: {"biz":{"serverUrl","mediaUrl","clientId","clientSecretFile"}}',
  ),
);
export const checkedBy = (problemIn: (text: string) => string | undefined) =>
  z.string().superRefine((text, context) => {
    const problem = problemIn(text);
    if (problem !== undefined) context.addIssue(problem);
  });

/** 16 characters are enough for 96 bits; a header carries these as they are. */
export const bearerToken = z.string().regex(/^[\w.~+/=-]{16,255}$/, 'must be 16 to 255 letters, digits or ._~+/=-');

/** Values with commas between them: the first is used for what is new, all for what exists. */
export const severalOf = (problemWith: (value: string) => string | undefined) =>
  z.string().transform((text, context) => {
    const values = text.split(',').map((value) => value.trim());
    const problem = values.map(problemWith).find((one) => one !== undefined);
    const parts = values.length > 1 ? 'each of its parts, which commas separate, ' : '';
    if (problem !== undefined) context.addIssue(`${parts}${problem}`);
    return values;
  });
export const sessionSecretProblem = (secret: string): string | undefined => {
  if (secret.length < 32) return 'must have at least 32 characters';
  return isOneByteRepeated(Buffer.from(secret)) ? 'must not be one character repeated' : undefined;
};
export const accountsKeyProblem = (text: string): string | undefined => {
  if (!z.base64().safeParse(text).success) return 'must be base64';
  const key = Buffer.from(text, 'base64');
  if (key.length !== 32) return 'must be 32 bytes in base64';
  return isOneByteRepeated(key) ? 'must not be one byte repeated' : undefined;
};
