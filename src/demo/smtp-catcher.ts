import { EventEmitter, once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import PostalMime from 'postal-mime';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';

/** `from` and `to` come from the envelope: where the mail was really sent, whatever its headers say. */
export type CaughtMail = {
  id: number;
  from: string;
  to: string;
  subject: string;
  text: string;
  html: string;
  /** The attached pictures as data URLs, by their Content-ID. */
  pictures: Record<string, string>;
  /** The attached text files. */
  files: { name: string; text: string }[];
  messageId: string;
  headers: { name: string; value: string }[];
  at: Date;
  raw: string;
};

export type SmtpFault =
  /** `status`: an enhanced status code (RFC 3463), such as `5.1.1`. */
  | { kind: 'refuse'; code: number; status?: string; at: 'connection' | 'sender' | 'recipient' | 'message' }
  /**
   * Drops the connection after the message has arrived, either before it is stored or after, so the sender cannot
   * know.
   */
  | { kind: 'drop'; kept: boolean }
  /** Accepts the message and never answers. */
  | { kind: 'hang' };

export type SmtpCatcher = {
  url: string;
  port: number;
  messages: () => readonly CaughtMail[];
  /** Resolves with the first matching mail, past or future; rejects after `timeoutMs`. */
  waitFor: (fits: (mail: CaughtMail) => boolean, timeoutMs?: number) => Promise<CaughtMail>;
  /** The number of connections so far. */
  connections: () => number;
  /** Applies to all mails from now on; null ends the fault. */
  setFault: (fault: SmtpFault | null) => void;
  /** Resolves when the next message has been sent to the catcher, whether or not it was accepted. */
  nextMessage: () => Promise<void>;
  close: () => Promise<void>;
};

export type CatcherOptions = {
  /** default 0: any free port */
  port?: number;
  /** Uses the certificate that comes with smtp-server, which no client trusts. */
  tls?: 'none' | 'starttls' | 'smtps';
  /** If set, a sender must sign in with this password; any user name is accepted. */
  password?: string;
  now?: () => Date;
};

const LARGEST_MAIL = 1_000_000;

/** An SMTP server on loopback that stores every mail and forwards none. For the demo and for tests. */
export async function startSmtpCatcher(options: CatcherOptions = {}): Promise<SmtpCatcher> {
  const { port = 0, tls = 'none', password, now = () => new Date() } = options;
  const mails: CaughtMail[] = [];
  const events = new EventEmitter().setMaxListeners(0);
  const sockets = new Set<Socket>();
  let fault: SmtpFault | null = null;
  let connections = 0;

  const refusalAt = (stage: Extract<SmtpFault, { kind: 'refuse' }>['at']): Error | null =>
    fault?.kind === 'refuse' && fault.at === stage
      ? Object.assign(new Error([fault.status, 'Refused as the test asked'].join(' ').trim()), {
          responseCode: fault.code,
        })
      : null;

  async function take(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<void> {
    const raw = await readAll(stream);
    const mail = { id: mails.length + 1, at: now(), ...(await readMail(raw, session)) };
    const refusal = refusalAt('message');
    if (refusal) throw refusal;
    // A refusal at another stage may be set too late for this mail; a mail that was accepted is stored.
    if (fault === null || fault.kind === 'refuse' || (fault.kind === 'drop' && fault.kept)) {
      mails.push(mail);
      events.emit('kept', mail);
    }
    if (fault?.kind === 'drop') for (const socket of sockets) socket.destroy();
    if (fault?.kind === 'hang') await new Promise(() => undefined);
  }

  const server = new SMTPServer({
    logger: false,
    authOptional: password === undefined,
    allowInsecureAuth: true, // the traffic never leaves the machine
    secure: tls === 'smtps',
    disabledCommands: [...(password === undefined ? ['AUTH'] : []), ...(tls === 'starttls' ? [] : ['STARTTLS'])],
    size: LARGEST_MAIL,
    disableReverseLookup: true,
    onAuth: (auth, _session, done) =>
      auth.password === password ? done(null, { user: auth.username }) : done(new Error('Wrong password')),
    onConnect: (_session, done) => done(refusalAt('connection')),
    onMailFrom: (_address, _session, done) => done(refusalAt('sender')),
    onRcptTo: (_address, _session, done) => done(refusalAt('recipient')),
    onData: (stream, session, done) => {
      take(stream, session).then(
        () => done(),
        (error: unknown) => done(error as Error),
      );
      stream.once('end', () => events.emit('message'));
    },
  });
  server.on('error', () => undefined); // the sender notices a broken connection
  server.server.on('connection', (socket) => {
    connections += 1;
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(port, '127.0.0.1');
  await once(server.server, 'listening');
  const bound = (server.server.address() as AddressInfo).port;

  return {
    url: `${tls === 'smtps' ? 'smtps' : 'smtp'}://127.0.0.1:${bound}`,
    port: bound,
    messages: () => mails,
    waitFor: (fits, timeoutMs = 10_000) =>
      new Promise((resolve, reject) => {
        const earlier = mails.find(fits);
        if (earlier) {
          resolve(earlier);
          return;
        }
        const look = (mail: CaughtMail) => {
          if (fits(mail)) finish(() => resolve(mail));
        };
        const timer = setTimeout(() => finish(() => reject(new Error(`no such mail in ${timeoutMs} ms`))), timeoutMs);
        const finish = (settle: () => void) => {
          clearTimeout(timer);
          events.off('kept', look);
          settle();
        };
        events.on('kept', look);
      }),
    connections: () => connections,
    setFault: (next) => {
      fault = next;
    },
    nextMessage: async () => {
      await once(events, 'message');
    },
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        for (const socket of sockets) socket.destroy();
      }),
  };
}

async function readAll(stream: SMTPServerDataStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) if (!stream.sizeExceeded) chunks.push(chunk as Buffer);
  if (stream.sizeExceeded) throw Object.assign(new Error('Too large'), { responseCode: 552 });
  return Buffer.concat(chunks);
}

async function readMail(raw: Buffer, { envelope }: SMTPServerSession) {
  const parsed = await PostalMime.parse(raw, { attachmentEncoding: 'base64' });
  const { subject = '', text = '', html = '', messageId = '', headers, attachments } = parsed;
  return {
    from: envelope.mailFrom ? envelope.mailFrom.address : '',
    to: envelope.rcptTo.map(({ address }) => address).join(', '),
    subject,
    text,
    html,
    pictures: Object.fromEntries(
      attachments
        .filter(({ mimeType }) => ['image/png', 'image/jpeg'].includes(mimeType))
        .map(({ mimeType, contentId = '', content }) => [
          contentId.replace(/^<|>$/g, ''),
          `data:${mimeType};base64,${content as string}`,
        ]),
    ),
    files: attachments
      .filter(({ mimeType }) => mimeType === 'text/plain')
      .map(({ filename, content }) => ({
        name: filename ?? '',
        text: Buffer.from(content as string, 'base64').toString('utf8'),
      })),
    messageId,
    headers: headers.map(({ originalKey, value }) => ({ name: originalKey, value })),
    raw: raw.toString('utf8'),
  };
}
