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

/** Where most clinics are, from east to west; first in the list. */
const common = [
  'America/New_York',
  'America/Chicago',
  'America/Denver',
  'America/Phoenix',
  'America/Los_Angeles',
  'America/Anchorage',
  'Pacific/Honolulu',
];

/** "Eastern Time – New York" in the reader's language. */
function commonName(timeZone: string, language: string): string {
  const parts = new Intl.DateTimeFormat(language, { timeZone, timeZoneName: 'longGeneric' }).formatToParts(0);
  const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? timeZone;
  const place = timeZone.slice(timeZone.indexOf('/') + 1).replaceAll('_', ' ');
  return `${name.charAt(0).toUpperCase()}${name.slice(1)} – ${place}`;
}

/**
 * The choices of a time zone: those of the United States by the names that people use, then UTC and every other place.
 *
 * @param chosen what the form shows; a former name of a place, or a value that was rejected, is an extra first choice
 */
export function timeZoneItems(chosen: string, language: string): { value: string; text: string; selected: boolean }[] {
  const others = Intl.supportedValuesOf('timeZone').filter((zone) => !common.includes(zone) && zone.includes('/'));
  const items = [
    ...common.map((value) => ({ value, text: commonName(value, language) })),
    ...['UTC', ...others].map((value) => ({ value, text: value.replaceAll('_', ' ') })),
  ];
  const known = items.some(({ value }) => value === chosen);
  return [...(known ? [] : [{ value: chosen, text: chosen }]), ...items].map((item) => ({
    ...item,
    selected: item.value === chosen,
  }));
}
