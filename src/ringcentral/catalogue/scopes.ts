/** RingCentral documents that the scope `Faxes` includes the right to read messages. */
const includedScopes: ReadonlyMap<string, readonly string[]> = new Map([['Faxes', ['ReadMessages']]]);

/** The first scope of `required` that neither is among `held` nor is included in one of them. */
export function missingScope(held: readonly string[], required: readonly string[]): string | undefined {
  const granted = new Set(held.flatMap((scope) => [scope, ...(includedScopes.get(scope) ?? [])]));
  return required.find((scope) => !granted.has(scope));
}
