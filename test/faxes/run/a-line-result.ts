import type { LineResult } from '../../../src/faxes/fax-types.js';

export const aLineResult = (externalRef: string, more: Partial<LineResult> = {}): LineResult => ({
  line: { accountId: '1234567890123456789', extensionId: '3234567890123456789', externalRef },
  at: '2026-11-30T01:00:00.000Z',
  isComplete: true,
  problem: null,
  listed: 2,
  new: 1,
  fetched: 1,
  pending: 0,
  failed: 0,
  lost: 0,
  gaps: 0,
  oldestPendingAt: null,
  oldestFailedAt: null,
  fill: 12,
  isUnusuallyQuiet: false,
  nextRunMinutes: 1440,
  ...more,
});
