import { createHash } from 'node:crypto';
import { PassThrough, Readable, Writable } from 'node:stream';
import { type InspectFlags, inspectCommand } from '../../../src/credentials/command/inspect-command.js';
import { anAssertion, sandboxClaims, today, wrap } from '../../support/assertions.js';

const jwt = anAssertion();
const okLine =
  '{"outcome":"ok","code":"ok","repairs":[],"warnings":[],"expiresAt":null,"environment":"production","issuer":"https://platform.ringcentral.com"}\n';
const refusal = (code: string) =>
  `{"outcome":"rejected","code":"${code}","repairs":[],"warnings":[],"expiresAt":null,"environment":null,"issuer":null}\n`;
const badLine = '{"outcome":"error","code":"bad_line"}\n';

type Input = string | Iterable<string | Buffer>;
const text = (stream: PassThrough) => {
  const chunks: string[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk.toString('utf8')));
  return () => chunks.join('');
};

async function run(input: Input, options: InspectFlags = {}) {
  const [output, errors] = [new PassThrough(), new PassThrough()];
  const [printed, complained] = [text(output), text(errors)];
  const bytes = typeof input === 'string' ? [Buffer.from(input)] : input;
  const exitCode = await inspectCommand({
    input: Readable.from(bytes, { objectMode: false }),
    output,
    errors,
    options,
    clock: () => today,
  });
  return { exitCode, printed: printed(), complained: complained() };
}
const lines = (pastes: readonly string[]) => pastes.map((paste) => `${JSON.stringify(paste)}\n`).join('');

describe('latchkey inspect', () => {
  it('prints one line with the documented keys in order and exits 0', async () => {
    expect(await run(jwt)).toEqual({ exitCode: 0, printed: okLine, complained: '' });
  });

  it('prints repairs, warnings and expiry time, and exits 1 when it rejects the paste', async () => {
    const { exitCode, printed } = await run(`Bearer ${wrap(anAssertion({ claims: { exp: 1_700_000_000 } }), 76)}\n`);
    expect(exitCode).toBe(1);
    expect(printed).toBe(
      '{"outcome":"rejected","code":"expired","repairs":["whitespace","bearer_prefix"],"warnings":[],"expiresAt":"2023-11-14T22:13:20.000Z","environment":"production","issuer":"https://platform.ringcentral.com"}\n',
    );
  });

  it.each<[string, string, string]>([
    ['nothing', '', 'empty'],
    ['words', 'hello', 'not_a_jwt'],
    ['too much', 'x'.repeat(16_385), 'too_large'],
  ])('says what the paste is instead: %s', async (_title, paste, code) => {
    expect(await run(paste)).toMatchObject({ exitCode: 1, printed: refusal(code) });
  });

  it('reads a paste that arrives byte by byte', async () => {
    const bytes = Array.from(Buffer.from(`“${jwt}”`), (byte) => Buffer.from([byte]));
    expect((await run(bytes)).printed).toBe(okLine.replace('[]', '["quotes"]'));
  });

  it('treats bytes that are not UTF-8 as illegal characters', async () => {
    const [front, back] = [Buffer.from(jwt.slice(0, 300)), Buffer.from(jwt.slice(301))];
    expect((await run([Buffer.concat([front, Buffer.from([0xff]), back])])).printed).toContain('"illegal_characters"');
    expect((await run([Buffer.from([0xff, 0xfe, 0x80])])).printed).toBe(refusal('not_a_jwt'));
  });

  it('reads a huge paste to its end without keeping it', async () => {
    let sent = 0;
    const chunk = Buffer.alloc(65_536, 'x');
    const many = (function* () {
      for (; sent < 1_600; sent += 1) yield chunk;
    })();
    expect(await run(many)).toMatchObject({ exitCode: 1, printed: refusal('too_large') });
    expect(sent).toBe(1_600);
  });
});

describe('its options', () => {
  it('--environment sets the expected environment', async () => {
    const sandbox = anAssertion({ claims: sandboxClaims });
    expect((await run(sandbox)).printed).toContain('"wrong_environment"');
    expect((await run(sandbox, { environment: 'sandbox' })).exitCode).toBe(0);
    expect((await run(jwt, { environment: 'biz' })).printed).toContain('"warnings":["environment_differs"]');
  });

  it.each([
    ['2023-11-14', 0],
    ['2023-11-14T22:13:20Z', 0],
    ['2023-11-14T22:14:19.999Z', 0],
    ['2023-11-14T22:14:20Z', 1],
    ['2023-11-14T22:14:20', 1],
    ['2023-11-15T00:14:19+02:00', 0],
    ['2023-11-15T00:14+02:00', 0],
    ['2023-11-15T00:15+02:00', 1],
  ])('--now sets the time of the inspection: %s', async (now, exitCode) => {
    expect((await run(anAssertion({ claims: { exp: 1_700_000_000 } }), { now })).exitCode).toBe(exitCode);
  });

  it('--client-id sets the client ID to recognize', async () => {
    expect((await run('my-app')).printed).toBe(refusal('not_a_jwt'));
    expect((await run('my-app', { clientId: 'my-app' })).printed).toBe(refusal('client_id'));
  });

  it('--fingerprint adds the SHA-256 of the repaired JWT, or null if there is none', async () => {
    const sha256 = createHash('sha256').update(jwt).digest('hex');
    expect((await run(`"${jwt}"`, { fingerprint: true })).printed).toBe(
      okLine.replace('[]', '["quotes"]').replace('}\n', `,"sha256":"${sha256}"}\n`),
    );
    expect((await run('hello', { fingerprint: true })).printed).toBe(
      refusal('not_a_jwt').replace('}\n', ',"sha256":null}\n'),
    );
  });

  it.each<[string, InspectFlags]>([
    ['an unknown environment', { environment: 'EXAMPLE' }],
    ['an environment that is a property of every object', { environment: 'constructor' }],
    ['a text that is not a time', { now: 'EXAMPLE' }],
    ['a date that does not exist', { now: '2026-13-45T00:00:00Z' }],
    ['a date in another notation', { now: '11/21/2026' }],
  ])('invalid values exit with 2 and one line that does not repeat them: %s', async (_title, options) => {
    const { exitCode, printed, complained } = await run(jwt, options);
    expect({ exitCode, printed }).toEqual({ exitCode: 2, printed: '' });
    expect(complained).toMatch(/^--(?:environment|now) must be .+\n$/);
    expect(complained).not.toContain('EXAMPLE');
  });
});

describe('latchkey inspect --jsonl', () => {
  const jsonl = (input: Input, options: InspectFlags = {}) => run(input, { ...options, jsonl: true });

  it('prints one result per line, in order, and exits 0 whatever the results are', async () => {
    const { exitCode, printed } = await jsonl(lines([jwt, 'hello', '', jwt]));
    expect(exitCode).toBe(0);
    expect(printed).toBe(okLine + refusal('not_a_jwt') + refusal('empty') + okLine);
  });

  it.each<[string, string]>([
    ['an empty line', '\n'],
    ['blanks', '  \n'],
    ['no JSON', 'hello\n'],
    ['a number', '7\n'],
    ['null', 'null\n'],
    ['an object', '{"jwt":"x"}\n'],
    ['two strings', '"a" "b"\n'],
    ['an unterminated string', '"a\n'],
    ['a string with a tab in it', '"a\tb"\n'],
    ['a byte order mark that is not the first', `"hello"\n\uFEFF"hello"\n`],
  ])('reports a line that is not a JSON string as bad: %s', async (_title, input) => {
    expect((await jsonl(`${input}"hello"`)).printed.endsWith(badLine + refusal('not_a_jwt'))).toBe(true);
  });

  it('prints nothing for empty input, and reads a last line without a line feed', async () => {
    expect(await jsonl('')).toMatchObject({ exitCode: 0, printed: '' });
    expect((await jsonl('"hello"\n"hello"')).printed).toBe(refusal('not_a_jwt').repeat(2));
    expect((await jsonl('"hello"\n')).printed).toBe(refusal('not_a_jwt'));
  });

  it('accepts Windows line endings, whitespace around a string and a leading byte order mark', async () => {
    expect((await jsonl('\uFEFF"hello"\r\n  "hello"  \r\n')).printed).toBe(refusal('not_a_jwt').repeat(2));
  });

  it('reads lines that arrive byte by byte, and characters split between chunks', async () => {
    const bytes = Array.from(Buffer.from(lines([`“${jwt}”`, 'é'])), (byte) => Buffer.from([byte]));
    expect((await jsonl(bytes)).printed).toBe(okLine.replace('[]', '["quotes"]') + refusal('not_a_jwt'));
  });

  it.each<[string, string, string]>([
    ['a string of 1 MB', JSON.stringify('x'.repeat(1_000_000)), refusal('too_large')],
    ['a string of 1 MB in escapes', `"${'\\u0078'.repeat(170_000)}"`, refusal('too_large')],
    [
      'a short string between 1 MB of blanks',
      `${' '.repeat(500_000)}"hello"${' '.repeat(500_000)}`,
      refusal('not_a_jwt'),
    ],
    ['16,384 characters in escapes', `"${'\\u0020'.repeat(16_384)}"`, refusal('empty')],
    ['16,385 characters in escapes', `"${'\\u0020'.repeat(16_385)}"`, refusal('too_large')],
    ['1 MB without a quote', 'x'.repeat(1_000_000), badLine],
    ['1 MB without the last quote', `"${'x'.repeat(1_000_000)}`, badLine],
    ['1 MB with an invalid escape', `"${'x'.repeat(1_000_000)}\\x"`, badLine],
    ['1 MB with an incomplete escape', `"${'x'.repeat(1_000_000)}\\u12"`, badLine],
    ['1 MB with a control character', `"${'x'.repeat(1_000_000)}\u0001"`, badLine],
    ['1 MB and something after it', `"${'x'.repeat(1_000_000)}" 7`, badLine],
    ['1 MB of blanks', ' '.repeat(1_000_000), badLine],
    ['1 MB that ends in an escaped quote', `"${'x'.repeat(1_000_000)}\\""`, refusal('too_large')],
    ['more than 8 MiB in one line', 'x'.repeat(8_388_609), refusal('too_large')],
  ])('classifies a very long line: %s', async (_title, line, expected) => {
    const bytes = Buffer.from(`${line}\n"hello"\n`);
    const parts = Array.from({ length: Math.ceil(bytes.length / 65_536) }, (_, i) =>
      bytes.subarray(i * 65_536, (i + 1) * 65_536),
    );
    expect((await jsonl(parts)).printed).toBe(expected + refusal('not_a_jwt'));
  });

  it('adds the fingerprint to every result except bad lines', async () => {
    const { printed } = await jsonl(`"hello"\n7\n`, { fingerprint: true });
    expect(printed).toBe(refusal('not_a_jwt').replace('}\n', ',"sha256":null}\n') + badLine);
  });

  it('waits for a slow reader of its output', async () => {
    let [pulled, written, ahead] = [0, 0, 0];
    const input = Readable.from((function* () {
      for (; pulled < 500; pulled += 1) yield Buffer.from(lines(['hello']));
    })(), { highWaterMark: 1, objectMode: true }); // prettier-ignore
    const output = new Writable({
      highWaterMark: 1,
      write(_chunk, _encoding, done) {
        ahead = Math.max(ahead, pulled - written);
        written += 1;
        setImmediate(done);
      },
    });
    const command = { input, output, errors: new PassThrough(), options: { jsonl: true }, clock: () => today };
    expect(await inspectCommand(command)).toBe(0);
    expect(written).toBe(500);
    expect(ahead).toBeLessThan(20);
  });

  it('exits 1 without a message when the reader closes its output', async () => {
    const output = new PassThrough();
    output.once('data', () => output.destroy());
    const input = Readable.from(
      Array.from({ length: 1_000 }, () => Buffer.from(lines(['hello']))),
      { objectMode: true },
    );
    const command = { input, output, errors: new PassThrough(), options: { jsonl: true }, clock: () => today };
    expect(await inspectCommand(command)).toBe(1);
  });

  it('reads 100,000 lines and prints as many', async () => {
    const chunk = Buffer.from(lines(Array.from({ length: 100 }, () => 'EXAMPLEclientId_000001')));
    const { printed } = await jsonl(Array.from({ length: 1_000 }, () => chunk));
    expect(printed).toHaveLength(refusal('client_id').length * 100_000);
  });
});
