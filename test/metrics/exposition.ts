/** The types of a scrape in Prometheus' text format, by the name of the metric. */
export const typesIn = (text: string): Record<string, string> =>
  Object.fromEntries([...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name = '', type = '']) => [name, type]));

/** The values of a scrape, by name and labels as they are written. */
export const valuesIn = (text: string): Record<string, number> =>
  Object.fromEntries(
    [...text.matchAll(/^([a-z]\w*(?:\{[^}]*\})?) (\S+)$/gm)].map(([, name = '', value]) => [name, Number(value)]),
  );
