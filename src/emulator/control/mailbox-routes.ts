import { createHash } from 'node:crypto';
import { Router } from 'express';
import { z } from 'zod';
import type { Control } from '../control.js';
import { attachmentTypes, faxFormats, omittable, type Message } from '../world/mailbox-types.js';

/** Drops undefined members, so that an absent member never overwrites a default. */
export const given = <T extends object>(value: T) =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };

const text = z.string().min(1);
const seconds = z.number().min(0);
const party = z.strictObject({ phoneNumber: text, name: text, location: text }).partial().transform(given);
const attachments = z.array(
  z
    .strictObject({
      id: text,
      type: z.enum(attachmentTypes),
      format: z.enum(faxFormats),
      padding: z.number().int().min(0).max(100_000_000),
      uri: text,
    })
    .partial()
    .transform(given),
);
const common = {
  id: text.optional(),
  from: party.optional(),
  to: party.optional(),
  readStatus: z.enum(['Read', 'Unread']).optional(),
  pages: z.number().int().min(1).max(500).optional(),
  text: text.optional(),
  omit: z.array(z.enum(omittable)).optional(),
  attachments: attachments.optional(),
};
const message = z.strictObject({
  ...common,
  extensionId: text,
  type: z.enum(['Fax', 'SMS', 'VoiceMail', 'Pager']).optional(),
  direction: z.enum(['Inbound', 'Outbound']).optional(),
  createdAt: z.coerce.date().optional(),
});
const fax = z.strictObject({
  ...common,
  lateSeconds: seconds.optional(),
  appearsAfterSeconds: seconds.optional(),
  attachmentsAfterSeconds: z.union([seconds, z.literal('never')]).optional(),
  documentAfterSeconds: z.union([seconds, z.literal('never')]).optional(),
});
const messageChange = z
  .strictObject({ availability: z.enum(['Alive', 'Deleted', 'Purged']), readStatus: z.enum(['Read', 'Unread']) })
  .partial();

export const mailboxRules = z
  .strictObject({
    cap: z.number().int().positive().nullable(),
    capDrops: z.enum(['oldest', 'first_arrived']),
    capCountsDeleted: z.boolean(),
    droppedAre: z.enum(['purged', 'unlisted']),
    purgeDeletedAfterDays: z.number().positive(),
    purgedKeepAttachments: z.boolean(),
    processingStatus: z.number().int().min(400).max(599),
    goneStatus: z.number().int().min(400).max(499),
  })
  .partial();

/** A message with the size and SHA-256 of its documents, to compare them with what a client wrote. */
const shown = (control: Control, one: Message) => ({
  ...one,
  attachments: one.attachments.map((attachment) => {
    const document = control.documentOf(one, attachment.id);
    return { ...attachment, size: document.length, sha256: createHash('sha256').update(document).digest('hex') };
  }),
});

/** What tests in other processes do to mailboxes; see mailboxes.ts. */
export const mailboxRoutes = (control: Control): Router =>
  Router()
    .post('/messages', (req, res) => void res.status(201).json(control.addMessage(given(message.parse(req.body)))))
    .patch('/messages/:id', (req, res) => {
      res.json(control.changeMessage(req.params.id, given(messageChange.parse(req.body))));
    })
    .get('/messages/:id/content/:attachmentId', (req, res) => {
      res.type('application/octet-stream');
      res.end(control.documentOf(control.world.mailboxes.message(req.params.id), req.params.attachmentId));
    })
    .get('/extensions/:id/messages', (req, res) => {
      res.json(control.messagesOf(req.params.id).map((one) => shown(control, one)));
    })
    .post('/extensions/:id/faxes', (req, res) => {
      res.status(201).json(control.deliverFax(req.params.id, given(fax.parse(req.body))));
    });
