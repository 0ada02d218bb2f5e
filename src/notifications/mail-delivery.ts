import nodemailer from 'nodemailer';
import { z } from 'zod';
import type { Logger } from '../platform/log.js';
import type { Logo } from '../platform/assets/logo.js';
import { isLoopback } from '../platform/addresses.js';
import { inBrand, type TextFile } from '../platform/mail-message.js';
import type { Delivery, OutboxItem } from '../platform/outbox.js';
import { addressOf, mailFromProblem, plainAddress, smtpUrlProblem } from '../platform/mail-settings.js';

export type MailDeliveryOptions = {
  smtpUrl: string;
  from: string;
  log: Logger;
  /** The ISV's brand. A logo is attached if mail programs can show its type (PNG and JPEG). */
  brand?: { name: string; color?: string | undefined; logo?: Logo | undefined };
  /** For tests. A whole delivery must take much less time than the outbox's lease. */
  limits?: { connectMs: number; totalMs: number };
};

const shownInMails: Logo['type'][] = ['image/png', 'image/jpeg'];

const message = z.object({
  to: z.string().max(254).regex(plainAddress),
  subject: z.string().regex(/^\P{Cc}{0,998}$/u),
  text: z.string(),
  html: z.string().optional(),
  // Matches our own links; no character in it can end the header or the brackets.
  unsubscribeUrl: z
    .string()
    .regex(/^https?:\/\/[\w.:[\]-]+\/[\w/-]+$/)
    .optional(),
  files: z.array(z.strictObject({ name: z.string().regex(/^[\w.-]{1,100}$/), text: z.string() })).default([]),
});

/** In base64, because other encodings may change the ends of lines, and a signature is over bytes. */
const attached = ({ name, text }: TextFile) => ({
  filename: name,
  content: Buffer.from(text, 'utf8'),
  contentType: 'text/plain; charset=utf-8',
  contentTransferEncoding: 'base64' as const,
});

/**
 * RFC 2369 and, for https, RFC 8058: the mail program's unsubscribe button. Its servers send a single POST without a
 * cookie or form token. Opening any other link of a mail changes nothing.
 */
const unsubscribeHeaders = (url: string): Record<string, string> => ({
  'List-Unsubscribe': `<${url}>`,
  ...(url.startsWith('https:') ? { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' } : {}),
});

/**
 * Delivers mail by SMTP. TLS is verified and required, except on loopback. Neither addresses nor content are logged.
 *
 * A delivery whose answer was lost is repeated with the same Message-ID, so that mail systems can detect the
 * duplicate.
 *
 * @throws {Error} if SMTP_URL or MAIL_FROM is invalid; the message names the variable and contains no value
 */
export function mailDelivery(options: MailDeliveryOptions) {
  const { smtpUrl, from, log, brand, limits = { connectMs: 10_000, totalMs: 30_000 } } = options;
  const problem = mailFromProblem(from);
  if (problem) throw new Error(`MAIL_FROM ${problem}`);
  const sender = addressOf(from);
  const transport = openTransport(smtpUrl, limits.connectMs);
  const logo = brand?.logo && shownInMails.includes(brand.logo.type) ? brand.logo : undefined;
  const domain = sender.address.slice(sender.address.lastIndexOf('@') + 1);
  const cid = `logo@${domain}`;
  const pictures = logo
    ? [{ cid, content: logo.body, contentType: logo.type, filename: 'logo', contentDisposition: 'inline' as const }]
    : [];
  const branded = (html: string) => (brand ? inBrand(html, { ...brand, logo: logo && `cid:${cid}` }) : html);

  async function deliver(item: OutboxItem): Promise<Delivery> {
    const parsed = message.safeParse(item.payload);
    if (!parsed.success) return { kind: 'again', error: 'mail_invalid' };
    const { to, subject, text, html, unsubscribeUrl, files } = parsed.data;
    const attachments = [...(html === undefined ? [] : pictures), ...files.map(attached)];
    try {
      await transport.sendMail({
        from: sender,
        to: { name: '', address: to },
        envelope: { from: sender.address, to: [to] },
        subject,
        text,
        ...(html === undefined ? {} : { html: branded(html) }),
        attachments,
        messageId: `<${item.id}@${domain}>`,
        headers: {
          'Auto-Submitted': 'auto-generated', // RFC 3834: suppresses out-of-office replies
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

  /** Delivers one outbox item of the kind `mail`. `close` ends the idle connections. */
  const deliverAndLog = async (item: OutboxItem) => {
    const delivery = await deliver(item);
    const told = { outboxId: item.id, attempt: item.attempts };
    if (delivery.kind === 'delivered') log.info(told, 'mail delivered');
    else log.warn({ ...told, outcome: delivery.kind, reason: delivery.error }, 'mail not delivered');
    return delivery;
  };
  /** Connects and signs in, and sends nothing. @returns why that failed, or null */
  const signIn = (): Promise<string | null> =>
    transport.verify().then(
      () => null,
      (error: unknown) => judge(error).error,
    );
  return Object.assign(deliverAndLog, { signIn, close: () => transport.close() });
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
    idleTimeout: 5_000, // an idle portal keeps no connection open
    maxRequeues: 0, // the outbox retries, because it survives this process
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

/** The codes of OpenSSL and Node that concern a certificate or TLS. */
const ofTls = /CERT|SSL|TLS|VERIFY|^INVALID_CA$|^HOSTNAME_MISMATCH$/;

/**
 * The enhanced status (RFC 3463) of a permanent refusal that is about the recipient: 5.1.x the address, 5.2.x the
 * mailbox. 5.1.7 and 5.1.8 are about the sender, which the operator must fix.
 */
const ofRecipient = /^5\d\d[ -]5\.(?:(1)\.(?!(?:7|8)\b)|(2)\.)\d{1,3}\b/;

/**
 * Interprets an error of nodemailer for this email. Only the server's status about the recipient is final. Everything
 * else may be over within a day: a wrong password, a blocked sender, or a server that answers 554 to all email.
 */
function judge(error: unknown): Exclude<Delivery, { kind: 'delivered' }> {
  type SmtpError = { code?: string; originalCode?: string; responseCode?: number; response?: string; command?: string };
  const { code = '', originalCode = '', responseCode = 0, response = '', command = '' } = error as SmtpError;
  if (code === 'EABORT' || code === 'ETIMEDOUT') return { kind: 'again', error: 'smtp_timeout' };
  if (code === 'ETLS' || ofTls.test(originalCode)) return { kind: 'again', error: 'smtp_tls' };
  if (code.includes('AUTH')) return { kind: 'again', error: 'smtp_auth' };
  if (responseCode >= 400 && responseCode < 500) return { kind: 'again', error: 'smtp_4xx' };
  if (responseCode >= 500) {
    const isAnswerToThisMail = command.startsWith('RCPT') || command === 'DATA';
    if (!isAnswerToThisMail) return { kind: 'again', error: 'smtp_refused' };
    const [, address, mailbox] = ofRecipient.exec(response) ?? [];
    if (address) return { kind: 'gave_up', error: 'address_refused' };
    return mailbox ? { kind: 'gave_up', error: 'mailbox_refused' } : { kind: 'again', error: 'smtp_5xx' };
  }
  if (code === 'EENVELOPE' || code === 'EMESSAGE') return { kind: 'again', error: 'mail_invalid' };
  return { kind: 'again', error: 'smtp_unreachable' };
}
