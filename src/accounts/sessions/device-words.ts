/** The order matters: each browser also claims to be the ones after it. */
const browsers = [
  ['edge', /\bEdg(?:e|A|iOS)?\//],
  ['opera', /\bOPR\//],
  ['samsung', /\bSamsungBrowser\//],
  ['firefox', /\b(?:Firefox|FxiOS)\//],
  ['chrome', /\b(?:Chrome|CriOS)\//],
  ['safari', /\bSafari\//],
] as const;
const systems = [
  ['ios', /\b(?:iPhone|iPad|iPod)\b/],
  ['android', /\bAndroid\b/],
  ['windows', /\bWindows\b/],
  ['chromeos', /\bCrOS\b/],
  ['mac', /\bMacintosh\b/],
  ['linux', /\bLinux\b/],
] as const;

export type DeviceWords = {
  browser: (typeof browsers)[number][0] | 'other';
  system: (typeof systems)[number][0] | 'other';
};

/** The parts of the `User-Agent` that help a person recognize a browser. The header itself is not stored. */
export function deviceWordsOf(userAgent: string | undefined): DeviceWords {
  const said = (userAgent ?? '').slice(0, 500);
  return {
    browser: browsers.find(([, pattern]) => pattern.test(said))?.[0] ?? 'other',
    system: systems.find(([, pattern]) => pattern.test(said))?.[0] ?? 'other',
  };
}

export const storedDevice = ({ browser, system }: DeviceWords): string => `${browser} ${system}`;

/** Unreadable and missing values mean "other". */
export function deviceFromStore(stored: string | null): DeviceWords {
  const [first, second] = (stored ?? '').split(' ');
  return {
    browser: browsers.find(([name]) => name === first)?.[0] ?? 'other',
    system: systems.find(([name]) => name === second)?.[0] ?? 'other',
  };
}
