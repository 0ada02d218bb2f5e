import { connect, type Socket } from 'node:net';

/**
 * A crowd of jobs in a process of its own, started with one line of JSON, a `Crowd`. Opens all connections, prints
 * `ready`, and sends all requests when it reads a line. Prints one line of JSON when all are answered, a `CrowdAnswers`.
 */
export type Crowd = { ports: number[]; path: string; key: string; requests: number; retries: number };
export type CrowdAnswers = { statuses: Record<string, number>; tokens: string[]; ms: number };
type Answer = { status: string; token?: string; retryAfterS: number };

/** Fewer than a server lets wait to be accepted. */
const OPENED_AT_ONCE = 250;

const lines = process.stdin.setEncoding('utf8')[Symbol.asyncIterator]() as AsyncIterator<string>;
const { ports, path, key, requests, retries } = JSON.parse(String((await lines.next()).value)) as Crowd;
const portOf = (number: number): number => ports[number % ports.length] ?? 0;
const message = [
  `POST ${path} HTTP/1.1`,
  'Host: 127.0.0.1',
  `Authorization: Bearer ${key}`,
  'Connection: close',
  '',
  '',
].join('\r\n');

const opened = (port: number): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      resolve(socket);
    }).once('error', reject);
  });

/** A process that is killed ends its connections without an answer. */
const answerOn = (socket: Socket): Promise<Answer> =>
  new Promise((resolve) => {
    let text = '';
    socket.setEncoding('utf8').on('data', (part: string) => (text += part));
    socket
      .on('error', () => undefined)
      .on('close', () => {
        const [head = '', body = ''] = text.split('\r\n\r\n');
        const code = /^HTTP\/1.1 (\d{3})/.exec(head)?.[1] ?? 'none';
        const retryAfterS = Number(/^retry-after: (\d+)/im.exec(head)?.[1] ?? 0);
        const { access_token: token, cause } = JSON.parse(body === '' ? '{}' : body) as {
          access_token?: string;
          cause?: string;
        };
        resolve({
          status: cause === undefined ? code : `${code} ${cause}`,
          retryAfterS,
          ...(token !== undefined && { token }),
        });
      });
    socket.write(message);
  });

/** Comes back when the answer says so, as a job does. */
async function finalAnswer(number: number, socket: Socket): Promise<Answer> {
  let answer = await answerOn(socket);
  for (let retry = 0; retry < retries && answer.status.startsWith('503'); retry += 1) {
    await new Promise((resolve) => setTimeout(resolve, answer.retryAfterS * 1000));
    answer = await answerOn(await opened(portOf(number)));
  }
  return answer;
}

const sockets: Socket[] = [];
while (sockets.length < requests) {
  const more = Math.min(OPENED_AT_ONCE, requests - sockets.length);
  sockets.push(
    ...(await Promise.all(Array.from({ length: more }, (_, index) => opened(portOf(sockets.length + index))))),
  );
}
console.log('ready');
await lines.next();
const startedAt = performance.now();
const answers = await Promise.all(sockets.map((socket, number) => finalAnswer(number, socket)));
const statuses: Record<string, number> = {};
for (const { status } of answers) statuses[status] = (statuses[status] ?? 0) + 1;
const tokens = [...new Set(answers.flatMap(({ token }) => token ?? []))];
console.log(JSON.stringify({ statuses, tokens, ms: Math.round(performance.now() - startedAt) } satisfies CrowdAnswers));
process.exit(0);
