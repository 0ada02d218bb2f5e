/** The values by the segments of their paths; `any` stands for a parameter. */
type Segments<T> = { next: Map<string, Segments<T>>; any?: Segments<T>; found?: { names: string[]; value: T } };

const segmentsOf = (path: string): string[] => path.split('/').slice(1);
const isParameter = (segment: string): boolean => segment.startsWith('{');

/**
 * Values by paths as OpenAPI writes them, such as `/tenants/{tenant}`. A path is found in one step for each segment,
 * however many there are. Where both fit, a name goes before a parameter. A parameter is never empty.
 *
 * @param make makes the value of a path that is new
 */
export function pathTable<T>(make: (path: string) => T) {
  const root: Segments<T> = { next: new Map() };
  return {
    /** The value of exactly this path, which is made if there is none. */
    at(path: string): T {
      let at = root;
      for (const name of segmentsOf(path)) {
        const next = (isParameter(name) ? at.any : at.next.get(name)) ?? { next: new Map<string, Segments<T>>() };
        if (isParameter(name)) at.any = next;
        else at.next.set(name, next);
        at = next;
      }
      const names = segmentsOf(path).filter(isParameter);
      at.found ??= { names: names.map((name) => name.slice(1, -1)), value: make(path) };
      return at.found.value;
    },

    /** @returns undefined if no path fits, or a parameter is not encoded as RFC 3986 says */
    find(path: string): { value: T; params: Record<string, string> } | undefined {
      const values: string[] = [];
      let at: Segments<T> | undefined = root;
      for (const segment of segmentsOf(path)) {
        const named: Segments<T> | undefined = at.next.get(segment);
        if (!named) values.push(segment);
        at = named ?? (segment === '' ? undefined : at.any);
        if (!at) return undefined;
      }
      if (!at.found) return undefined;
      const { names, value } = at.found;
      try {
        return {
          value,
          params: Object.fromEntries(names.map((name, at) => [name, decodeURIComponent(values[at] ?? '')])),
        };
      } catch {
        return undefined;
      }
    },
  };
}
