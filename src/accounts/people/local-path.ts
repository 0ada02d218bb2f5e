/**
 * Validates where to go after sign-in: only a path of this portal, and nothing that a browser could read as another
 * host.
 *
 * @returns path and query, or undefined
 */
export function readLocalPath(asked: unknown): string | undefined {
  if (typeof asked !== 'string' || asked.length > 500) return undefined;
  if (!/^\/(?![/\\])[\x21-\x7e]*$/.test(asked) || asked.includes('\\')) return undefined;
  const here = 'http://portal.invalid';
  const url = URL.canParse(asked, here) ? new URL(asked, here) : undefined;
  if (url?.origin !== here || url.pathname.startsWith('//')) return undefined;
  return url.pathname + url.search;
}
