/** The first line of every receipt. A note of another kind, signed with the same key, never begins with it. */
export const RECEIPT = 'Latchkey receipt v1';

/** The lines `name: value` of a receipt, which programs read. A name may occur several times. */
export function factsOf(text: string): { name: string; value: string }[] {
  return text.split('\n').flatMap((line) => {
    const [, name, value] = /^([a-z-]+): (\S.*)$/.exec(line) ?? [];
    return name === undefined || value === undefined ? [] : [{ name, value }];
  });
}

export const valuesOf = (text: string, name: string): string[] =>
  factsOf(text).flatMap((fact) => (fact.name === name ? [fact.value] : []));
