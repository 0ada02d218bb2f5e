const DAY_MS = 24 * 3_600_000;

/** How many days before a JWT's expiry its people are reminded. */
export const reminderDays = [30, 14, 7, 3, 1] as const;
export type ReminderDays = (typeof reminderDays)[number];

const before = (expiresAt: Date, days: number): Date => new Date(expiresAt.getTime() - days * DAY_MS);

/** The time of the next reminder after `after`; null if there is none. */
export const nextReminderAt = (expiresAt: Date | null, after: Date): Date | null =>
  (expiresAt && reminderDays.map((days) => before(expiresAt, days)).find((at) => at > after)) ?? null;

/**
 * Which reminder is due: the latest one whose time has come, so that a worker that was down for a week sends one
 * mail, not three. Null before the first, and after the expiry, which is reported as a failure.
 */
export const dueReminder = (expiresAt: Date, now: Date): ReminderDays | null =>
  expiresAt <= now ? null : (reminderDays.findLast((days) => before(expiresAt, days) <= now) ?? null);
