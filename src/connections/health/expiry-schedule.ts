const DAY_MS = 24 * 3_600_000;

/** So many days before a JWT expires its people are reminded. */
export const reminderDays = [30, 14, 7, 3, 1] as const;
export type ReminderDays = (typeof reminderDays)[number];

const before = (expiresAt: Date, days: number): Date => new Date(expiresAt.getTime() - days * DAY_MS);

/** When its people are reminded next, later than `after`; null where they are not any more. */
export const nextReminderAt = (expiresAt: Date | null, after: Date): Date | null =>
  (expiresAt && reminderDays.map((days) => before(expiresAt, days)).find((at) => at > after)) ?? null;

/**
 * Which reminder is due: of those whose time has come the last one, so that a worker that was away for a week sends one
 * mail and not three. Null before the first, and once it has expired: then it fails, and that is told otherwise.
 */
export const dueReminder = (expiresAt: Date, now: Date): ReminderDays | null =>
  expiresAt <= now ? null : (reminderDays.findLast((days) => before(expiresAt, days) <= now) ?? null);
