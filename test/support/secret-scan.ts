/** A secret and every form in which it might lie about, and halves of it long enough to be of use. */
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

/** The names of those that are found, in whatever form. */
export const findIn = (haystack: string, secrets: Record<string, string>): string[] =>
  Object.entries(secrets)
    .filter(([, secret]) => formsOf(secret).some((form) => haystack.includes(form)))
    .map(([name]) => name);

/** The signature and payload of a JWT: its header is the same for all and tells nothing. */
export const secretPartOf = (jwt: string) => jwt.slice(jwt.indexOf('.') + 1);
