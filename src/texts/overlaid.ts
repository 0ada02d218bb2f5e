/** Some of the members of an object, at any depth. */
export type Some<T> = T extends ((...given: never[]) => unknown) | readonly unknown[] | string
  ? T
  : { [Name in keyof T]?: Some<T[Name]> };

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The same object with the members of `over` in the place of its own. */
export function overlaid<T>(base: T, over: Some<NoInfer<T>>): T {
  if (!isObject(base) || !isObject(over)) return over as T;
  const own: Record<string, unknown> = base;
  const changed = Object.entries(over).map(([name, value]) => [name, overlaid<unknown>(own[name], value as never)]);
  return { ...base, ...Object.fromEntries(changed) } as T;
}
