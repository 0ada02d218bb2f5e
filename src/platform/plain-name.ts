/** Controls that reorder the text around them (UAX #9): embeddings, overrides and isolates. */
const reordering = /[\u202a-\u202e\u2066-\u2069]/gu;
/** Characters that show nothing by themselves. U+2800 is the empty Braille pattern. */
const invisible = /[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/gu;

/** A typed name, trimmed and without reordering controls; empty if nothing of it would be visible. */
export function plainName(typed: string): string {
  const name = typed.replace(reordering, '').trim();
  return name.replace(invisible, '') === '' ? '' : name;
}
