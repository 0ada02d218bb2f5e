/** The words in our drawings of RingCentral's page. They are English in every language, as they are there. */
export const wordsOfConsole = {
  specificApps: 'Only specific apps of my choice',
  expiry: 'Expiration date (UTC)',
  enterClientId: 'Enter client ID',
  clientId: 'Client ID',
  appName: 'App name',
  create: 'Create JWT',
  credentials: 'Credentials',
  addApp: 'Add app',
  label: 'Label',
  jwt: 'eyJ',
} as const;

const { specificApps, expiry, enterClientId, appName, create, credentials, addApp, label } = wordsOfConsole;
/** What a reader looks for there. */
const labels = [
  ...[specificApps, expiry, enterClientId, appName, create, credentials, addApp, label],
  ...['Developer Admin', 'Organization'],
];

/** A stretch of a text; `isLabel` if it is to stand out, because the reader looks for it on RingCentral's page. */
export type TextPart = { text: string; isLabel: boolean };

/**
 * Splits a text at the words that the reader looks for.
 *
 * @param names other words to look for, such as the name of the app; they come first
 */
export function withLabels(text: string, names: readonly string[] = []): TextPart[] {
  const words = [...names.filter((name) => name !== ''), ...labels];
  const parts: TextPart[] = [];
  let from = 0;
  for (let at = 0; at < text.length;) {
    const found = words.find((word) => text.startsWith(word, at));
    if (found === undefined) {
      at += 1;
      continue;
    }
    if (at > from) parts.push({ text: text.slice(from, at), isLabel: false });
    parts.push({ text: found, isLabel: true });
    at += found.length;
    from = at;
  }
  if (from < text.length) parts.push({ text: text.slice(from), isLabel: false });
  return parts;
}
