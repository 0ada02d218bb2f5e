export type Text = { path: string; text: string };

/** Stands in for every argument of a text: one word, whatever is read from it. */
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

/** Every text of a catalogue, with the path a view would use. Functions get each of `given` for all their arguments. */
export function textsOf(value: unknown, path: string, given: unknown[]): Text[] {
  if (typeof value === 'string') return [{ path, text: value }];
  if (typeof value === 'function') {
    return given.flatMap((it) => {
      try {
        const result = (value as (...all: unknown[]) => unknown)(it, it, it, it);
        return textsOf(result, `${path}()`, given);
      } catch {
        return []; // a text that takes an object says nothing to a number
      }
    });
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => textsOf(inner, path === '' ? key : `${path}.${key}`, given));
}
