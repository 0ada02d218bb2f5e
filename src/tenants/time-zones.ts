/**
 * Accepts places known to `Intl`, by current or former name, and UTC. Offsets such as +01:00 or Etc/GMT+7 have no
 * daylight saving time, so they are rejected.
 */
export function isTimeZone(name: string): boolean {
  if (name === 'UTC') return true;
  try {
    const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions();
    return Intl.supportedValuesOf('timeZone').includes(timeZone);
  } catch {
    return false;
  }
}
