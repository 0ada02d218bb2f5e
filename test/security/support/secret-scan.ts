/** A secret in every form in which it could leak, and its halves, which are long enough to be useful. */
export function formsOf(secret: string): string[] {
  const half = Math.floor(secret.length / 2);
  const parts = secret.length >= 48 ? [secret.slice(0, half), secret.slice(half)] : [];
  return [secret, ...parts].flatMap((text) => {
    const bytes = Buffer.from(text, 'utf8');
    return [
      text,
      bytes.toString('base64'),
      bytes.toString('base64url'),
      bytes.toString('hex'),
      encodeURIComponent(text),
    ];
  });
}

const LOOK = 16;

/** The names of the secrets that are found in any form. One pass, because a drill has thousands. */
export function findIn(haystack: string, secrets: Record<string, string>): string[] {
  const forms = Object.entries(secrets).flatMap(([name, secret]) => formsOf(secret).map((form) => ({ name, form })));
  const look = Math.min(LOOK, ...forms.map(({ form }) => form.length));
  const wanted = new Map<string, { name: string; form: string }[]>();
  for (const one of forms) {
    const begin = one.form.slice(0, look);
    wanted.set(begin, [...(wanted.get(begin) ?? []), one]);
  }
  const found = new Set<string>();
  for (let at = 0; at + look <= haystack.length; at += 1)
    for (const { name, form } of wanted.get(haystack.slice(at, at + look)) ?? [])
      if (!found.has(name) && haystack.startsWith(form, at)) found.add(name);
  return Object.keys(secrets).filter((name) => found.has(name));
}

/** The signature and payload of a JWT; the header is the same for all and reveals nothing. */
export const secretPartOf = (jwt: string) => jwt.slice(jwt.indexOf('.') + 1);
