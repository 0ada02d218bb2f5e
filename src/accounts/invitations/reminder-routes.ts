import express, { Router } from 'express';
import { z } from 'zod';
import { seeOther, showPage } from '../../platform/http/answers.js';
import { parseForm } from '../../platform/http/forms.js';
import { stoppedRemindersPage, stopRemindersPage } from './invitation-pages.js';
import type { ReminderOptOut } from './invitation-reminders.js';
import { originOf } from '../sign-in/signing-in.js';

/**
 * `/reminders/:token`: against reminders. GET shows and changes nothing. Every link gets the same answers, so that they
 * tell nothing.
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

/** The body of RFC 8058 §3.1, in either of the encodings it may have. */
function isOneClick(body: unknown): boolean {
  if (typeof body !== 'string')
    return (body as Record<string, unknown> | undefined)?.['List-Unsubscribe'] === 'One-Click';
  const lines = body.split(/\r?\n/);
  const part = lines.findIndex((line) => /;\s*name="?List-Unsubscribe"?$/i.test(line));
  return part >= 0 && lines[lines.indexOf('', part) + 1] === 'One-Click'; // the part's headers end at an empty line
}

/**
 * The same by the button of a mail program (RFC 8058), whose servers have no cookie of ours. In front of session and
 * CSRF: a form's token protects what a browser's cookie allows, and here the link alone allows it. Never a redirect.
 * A form of ours goes on to `reminderRoutes`.
 */
export const oneClickRoutes = (optOut: ReminderOptOut): Router =>
  Router().post(
    '/:token',
    express.text({ type: 'multipart/form-data', limit: '2kb' }),
    express.urlencoded({ extended: false, limit: '2kb', parameterLimit: 10 }),
    async (req, res, next) => {
      if (!isOneClick(req.body)) {
        next();
        return;
      }
      await optOut(req.params.token, originOf(req, res));
      res.status(200).type('text/plain').end();
    },
  );
