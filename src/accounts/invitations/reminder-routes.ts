import express, { Router } from 'express';
import { z } from 'zod';
import { seeOther, showPage } from '../../platform/http/answers.js';
import { parseForm } from '../../platform/http/forms.js';
import { stoppedRemindersPage, stopRemindersPage } from './invitation-pages.js';
import type { ReminderOptOut } from './invitation-reminders.js';
import { originOf } from '../sign-in/signing-in.js';

/**
 * `/reminders/:token`: opting out of reminders. GET only shows. Every link gets the same answers, which reveal
 * nothing.
 */
export const reminderRoutes = (optOut: ReminderOptOut): Router =>
  Router()
    .get('/stopped', (_req, res) => {
      showPage(res, 'accounts/text', stoppedRemindersPage(res.locals.t));
    })
    .get('/:token', (req, res) => {
      showPage(
        res,
        'accounts/form',
        stopRemindersPage(res.locals.t, `/reminders/${encodeURIComponent(req.params.token)}`),
      );
    })
    .post('/:token', async (req, res) => {
      parseForm(z.object({}), req.body);
      await optOut(req.params.token, originOf(req, res));
      seeOther(res, '/reminders/stopped');
    });

/** Whether the body is that of RFC 8058 §3.1, in either of its two encodings. */
function isOneClick(body: unknown): boolean {
  if (typeof body !== 'string')
    return (body as Record<string, unknown> | undefined)?.['List-Unsubscribe'] === 'One-Click';
  const lines = body.split(/\r?\n/);
  const part = lines.findIndex((line) => /;\s*name="?List-Unsubscribe"?$/i.test(line));
  return part >= 0 && lines[lines.indexOf('', part) + 1] === 'One-Click'; // the part's headers end at an empty line
}

/**
 * The same for the unsubscribe button of a mail program (RFC 8058), whose servers have no cookie of ours. Runs before
 * session and CSRF: a form token protects what a cookie allows, and here only the link gives permission. Never
 * redirects. Passes our own forms on to `reminderRoutes`.
 */
export const oneClickRoutes = (optOut: ReminderOptOut): Router =>
  Router().post(
    '/:token',
    express.text({ type: 'multipart/form-data', limit: '2kb', inflate: false }),
    express.urlencoded({ extended: false, limit: '2kb', parameterLimit: 10, inflate: false }),
    async (req, res, next) => {
      if (!isOneClick(req.body)) {
        next();
        return;
      }
      await optOut(req.params.token, originOf(req, res));
      res.status(200).type('text/plain').end();
    },
  );
