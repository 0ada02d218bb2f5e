import type { KnownLine } from './mailbox.js';

/** What one run says of one line: counts and times, nothing of any fax. */
export type LineCounts = {
  extensionId: string;
  listed: number;
  fetched: number;
  pending: number;
  failed: number;
  lost: number;
  gaps: number;
  oldestPendingAt: Date | null;
  oldestFailedAt: Date | null;
  /** null if it could not be counted. */
  mailboxMessages: number | null;
};

/** The report of one complete run for one tenant. */
export type RunReport = { completedAt: Date; lines: readonly LineCounts[] };

/** A line as the last report that has it left it. */
export type ReportedLine = LineCounts & KnownLine;

/**
 * What is known of the runs for a tenant. `completedAt`: the last reported run. `fetchedAt`: up to when every line that
 * was read by the tenant's choice at that time was fetched; null if one never was.
 */
export type FaxReport = { completedAt: Date; fetchedAt: Date | null; lines: ReportedLine[] };
