const tests = new URL('../test/', import.meta.url).href;

/**
 * What a test file imports from `test/` is evaluated for that file alone: it gets the file's number, as the file has it.
 *
 * @type {import('node:module').ResolveHook}
 */
export async function resolve(specifier, context, nextResolve) {
  const number = /\?file=\d+$/.exec(context.parentURL ?? '')?.[0];
  const found = await nextResolve(specifier, context);
  const isOfTests = number && found.url.startsWith(tests) && !found.url.includes('?');
  return isOfTests ? { ...found, url: `${found.url}${number}` } : found;
}
