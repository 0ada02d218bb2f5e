const tests = new URL('../test/', import.meta.url).href;

/**
 * A module that a test file imports from `test/` is evaluated for that file alone: its URL gets the file's number.
 *
 * @type {import('node:module').ResolveHook}
 */
export async function resolve(specifier, context, nextResolve) {
  const number = /\?file=\d+$/.exec(context.parentURL ?? '')?.[0];
  const found = await nextResolve(specifier, context);
  const isOfTests = number && found.url.startsWith(tests) && !found.url.includes('?');
  return isOfTests ? { ...found, url: `${found.url}${number}` } : found;
}
