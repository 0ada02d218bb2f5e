import type { RequestHandler } from 'express';
import { mailErrorText } from '../notifications/mail-state.js';
import { exactTime } from '../platform/http/view-helpers.js';
import type { StaffDeps } from './staff-requests.js';

/** Warns on every page of staff while email waits and none has gone out for 15 minutes. */
export const warnOfStalledMail =
  ({ accounts }: Pick<StaffDeps, 'accounts'>): RequestHandler =>
  async (req, res, next) => {
    const stall = req.method === 'GET' ? await accounts.services.stalledMail() : null;
    if (stall) {
      const { t } = res.locals;
      const since = exactTime(stall.since, { timeZone: 'UTC', language: t.common.lang });
      const why = stall.error === null ? t.mailStates.stalledNoTry : mailErrorText(t, stall.error);
      res.locals.warning = `${t.mailStates.stalled(since)} ${why}`;
    }
    next();
  };
