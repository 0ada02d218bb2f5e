/** What was removed or undone to extract the JWT from a paste, in the order in which it is reported. */
export const allRepairs = [
  'whitespace',
  'invisible_characters',
  'mail_quote',
  'quotes',
  'bearer_prefix',
  'label',
  'url_encoding',
  'quoted_printable',
  'json',
  'curl',
  'code_fence',
  'angle_brackets',
  'html_entities',
  'trailing_punctuation',
  'duplicate',
  'surrounding_text',
] as const;

export type Repair = (typeof allRepairs)[number];

export const inOrder = (repairs: ReadonlySet<Repair>): Repair[] => allRepairs.filter((repair) => repairs.has(repair));
