export type Text = { path: string; text: string };

/** Stands in for every argument of a text: any member of it is one word. */
export const word: unknown = new Proxy(() => 'Word', {
  get: (_target, key) => {
    if (key === Symbol.toPrimitive || key === 'toString' || key === 'valueOf') return () => 'Word';
    if (key === Symbol.iterator) return [][Symbol.iterator].bind([]);
    if (key === 'length') return 1;
    if (key === 'map' || key === 'filter') return () => ['Word'];
    if (key === 'join') return () => 'Word';
    return word;
  },
});

/**
 * Every text of a catalog with the path that a view would use. Functions are called once per value of `given`, with
 * that value for all arguments.
 */
export function textsOf(value: unknown, path: string, given: unknown[]): Text[] {
  if (typeof value === 'string') return [{ path, text: value }];
  if (typeof value === 'function') {
    return given.flatMap((it) => {
      try {
        const result = (value as (...all: unknown[]) => unknown)(it, it, it, it);
        return textsOf(result, `${path}()`, given);
      } catch {
        return []; // a text that needs an object fails with a number
      }
    });
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => textsOf(inner, path === '' ? key : `${path}.${key}`, given));
}
