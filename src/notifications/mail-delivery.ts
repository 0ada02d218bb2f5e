import nodemailer from 'nodemailer';
import { z } from 'zod';
import type { Logger } from '../platform/log.js';
import type { Logo } from '../platform/assets/logo.js';
import { inBrand } from '../platform/mail-message.js';
import type { Delivery, OutboxItem } from '../platform/outbox.js';
import { addressOf, isLoopback, mailFromProblem, plainAddress, smtpUrlProblem } from './mail-settings.js';

/** Delivers one outbox item of the kind `mail`. `close` lets go of the connections that wait for the next mail. */
export type MailDelivery = ((item: OutboxItem) => Promise<Delivery>) & { close: () => void };

export type MailDeliveryOptions = {
  smtpUrl: string;
  from: string;
  log: Logger;
  /** Of the ISV. A logo goes along where mail programs show its kind, which are PNG and JPEG. */
  brand?: { name: string; color?: string | undefined; logo?: Logo | undefined };
  /** For tests; a delivery as a whole must stay well below the outbox's lease. */
  limits?: { connectMs: number; totalMs: number };
};

const shownInMails: Logo['type'][] = ['image/png', 'image/jpeg'];

const message = z.object({
  to: z.string().max(254).regex(plainAddress),
  subject: z
    .string()
    .max(998)
    .regex(/^\P{Cc}*$/u),
  text: z.string(),
  html: z.string().optional(),
  // As our own links are: nothing in it can end the header or the brackets.
  unsubscribeUrl: z
    .string()
    .regex(/^https?:\/\/[\w.:[\]-]+\/[\w/-]+$/)
    .optional(),
});

/**
 * RFC 2369 and, for https, RFC 8058: the mail program's own button, pressed by its servers, with one POST that has
 * neither a cookie nor a form's token. Other links of a mail change nothing by being followed.
 */
const unsubscribeHeaders = (url: string): Record<string, string> => ({
  'List-Unsubscribe': `<${url}>`,
  ...(url.startsWith('https:') ? { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' } : {}),
});

/**
 * Mail by SMTP. TLS is verified, and never left out but on loopback. Neither an address nor a word of a mail is logged.
 *
 * A delivery whose answer was lost is made again with the same Message-ID, by which mail systems tell a double.
 *
 * @throws {Error} where SMTP_URL or MAIL_FROM cannot be used; the message names them and holds no value
 */
export function mailDelivery(options: MailDeliveryOptions): MailDelivery {
  const { smtpUrl, from, log, brand, limits = { connectMs: 10_000, totalMs: 30_000 } } = options;
  const problem = mailFromProblem(from);
  if (problem) throw new Error(`MAIL_FROM ${problem}`);
  const sender = addressOf(from);
  const transport = openTransport(smtpUrl, limits.connectMs);
  const logo = brand?.logo && shownInMails.includes(brand.logo.type) ? brand.logo : undefined;
  const cid = `logo@${sender.address.slice(sender.address.lastIndexOf('@') + 1)}`;
  const attachments = logo && [
    { cid, content: logo.body, contentType: logo.type, filename: 'logo', contentDisposition: 'inline' as const },
  ];
  const branded = (html: string) =>
    brand ? inBrand(html, { name: brand.name, color: brand.color, logo: logo && `cid:${cid}` }) : html;

  async function deliver(item: OutboxItem): Promise<Delivery> {
    const parsed = message.safeParse(item.payload);
    if (!parsed.success) return { kind: 'gave_up', error: 'mail_invalid' };
    const { to, subject, text, html, unsubscribeUrl } = parsed.data;
    try {
      await transport.sendMail({
        from: sender,
        to: { name: '', address: to },
        envelope: { from: sender.address, to: [to] },
        subject,
        text,
        ...(html === undefined ? {} : { html: branded(html), ...(attachments ? { attachments } : {}) }),
        messageId: `<${item.id}@${sender.address.slice(sender.address.lastIndexOf('@') + 1)}>`,
        headers: {
          'Auto-Submitted': 'auto-generated', // RFC 3834: no out-of-office answers
          ...(unsubscribeUrl === undefined ? {} : unsubscribeHeaders(unsubscribeUrl)),
        },
        xMailer: false,
        disableFileAccess: true,
        disableUrlAccess: true,
        signal: AbortSignal.timeout(limits.totalMs),
      });
      return { kind: 'delivered' };
    } catch (error) {
      return judge(error);
    }
  }

  const deliverAndLog = async (item: OutboxItem) => {
    const delivery = await deliver(item);
    const told = { outboxId: item.id, attempt: item.attempts };
    if (delivery.kind === 'delivered') log.info(told, 'mail delivered');
    else log.warn({ ...told, outcome: delivery.kind, reason: delivery.error }, 'mail not delivered');
    return delivery;
  };
  return Object.assign(deliverAndLog, { close: () => transport.close() });
}

function openTransport(smtpUrl: string, connectMs: number) {
  const problem = smtpUrlProblem(smtpUrl);
  if (problem) throw new Error(`SMTP_URL ${problem}`);
  const url = new URL(smtpUrl);
  const secure = url.protocol === 'smtps:';
  const plain = !secure && isLoopback(url.hostname);
  return nodemailer.createTransport({
    pool: true,
    maxConnections: 2,
    idleTimeout: 5_000, // a quiet portal holds no connection
    maxRequeues: 0, // trying again is the outbox's, which survives this process
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port) || (secure ? 465 : 587),
    secure,
    requireTLS: !secure && !plain,
    ignoreTLS: plain,
    tls: { minVersion: 'TLSv1.2', rejectUnauthorized: true },
    ...(url.username === ''
      ? {}
      : { auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } }),
    connectionTimeout: connectMs,
    greetingTimeout: connectMs,
    dnsTimeout: connectMs,
    socketTimeout: connectMs,
    logger: false,
  });
}

type SmtpError = { code?: string; originalCode?: string; responseCode?: number; command?: string };

/** Of OpenSSL's and Node's codes, those that tell of a certificate or of TLS itself. */
const ofTls = /CERT|SSL|TLS|VERIFY|^INVALID_CA$|^HOSTNAME_MISMATCH$/;

/**
 * What an error of nodemailer means for this one mail. Only what the server said of the recipient or of the message can
 * end it: a wrong password or a sender that is not allowed are the operator's to mend, and hold up every mail alike.
 */
function judge(error: unknown): Delivery {
  const { code = '', originalCode = '', responseCode = 0, command = '' } = error as SmtpError;
  if (code === 'EABORT' || code === 'ETIMEDOUT') return { kind: 'again', error: 'smtp_timeout' };
  if (code === 'ETLS' || ofTls.test(originalCode)) return { kind: 'again', error: 'smtp_tls' };
  if (code.includes('AUTH')) return { kind: 'again', error: 'smtp_auth' };
  if (responseCode >= 400 && responseCode < 500) return { kind: 'again', error: 'smtp_4xx' };
  if (responseCode >= 500) {
    const ofThisMail = command.startsWith('RCPT') || command === 'DATA';
    return ofThisMail ? { kind: 'gave_up', error: 'smtp_5xx' } : { kind: 'again', error: 'smtp_refused' };
  }
  if (code === 'EENVELOPE' || code === 'EMESSAGE') return { kind: 'gave_up', error: 'mail_invalid' };
  return { kind: 'again', error: 'smtp_unreachable' };
}
