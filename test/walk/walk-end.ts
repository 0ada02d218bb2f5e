import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { latchkeyClient } from '../../src/client/client.js';
import { demoPassword } from '../../src/demo/demo-people.js';
import type { DemoWorld } from '../../src/demo/demo-world.js';
import { waitFor } from '../../src/demo/wait-for.js';
import { says, type WalkPage } from '../../src/demo/walk-page.js';
import { factsOf } from '../../src/receipts/receipt-format.js';
import { receiptVerify } from '../../src/receipts/verify-command.js';
import { english as t } from '../../src/texts/texts.js';
import { anotherJwt, checked, type Connected } from './walk-connect.js';
import { externalRef, type Invited } from './walk-invitation.js';
import { expect, expectHeading, expectPage, type Step } from './walk-step.js';

const MOST_WAIT_MS = 60_000;
/** After this the limit of exchanges has room again. */
const TEN_MINUTES_MS = 600_000;
/** After this a refusal can be confirmed. */
const TWO_MINUTES_MS = 120_000;

/** The clinic replaces its JWT, disconnects, deletes both at RingCentral, and gets a receipt that it can verify offline. */
export async function walkToTheEnd(
  world: DemoWorld,
  { member }: Invited,
  { connection }: Connected,
  inUse: readonly string[],
  step: Step,
): Promise<{ pasted: string[] }> {
  const texts = t.disconnection;
  const jwt = await anotherJwt(world);
  await step('the clinic replaced its JWT: connected throughout', async () => {
    world.pass(TEN_MINUTES_MS);
    const page = await member.follow(await member.open(connection.url), says(t.connections.replace.link));
    const after = await member.press(page, says(t.connections.replace.button), { assertion: jwt });
    expectPage(await checked(member, after), { state: 'healthy' });
  });

  const url = `${new URL(connection.url).origin}${new URL(connection.url).pathname.replace(/connection$/, 'disconnection')}`;
  await step('one page says what a disconnection does, and a password is asked for before it', async () => {
    const page = await member.follow(await member.open(connection.url), says(texts.link));
    expectHeading(page, texts.before.title);
    const asked = await member.press(page, says(texts.before.button));
    const back = await member.press(asked, says(t.accounts.passwordAgain.button), { password: demoPassword });
    expectHeading(await member.press(back, says(texts.before.button)), texts.after.title);
  });

  await step('a job gets no token any more: 409 not_connected', async () => {
    const asked = { purpose: 'jobs', scopes: ['tokens:issue'], tenantRefs: [externalRef], expires: '' };
    const made = await world.portal.services.apiKeys.make(
      { name: 'Another job', ...asked },
      { actor: { kind: 'command_line' } },
    );
    if (!made.ok) throw new Error('the key was not made');
    const client = latchkeyClient({ url: world.urls.portal, apiKey: made.key.reveal() });
    const answer = await client.accessToken(`ref:${externalRef}`, { purpose: 'jobs' });
    expect(answer.kind !== 'token', 'a token was issued');
  });

  await step('both JWTs were deleted at RingCentral, and the clinic said so: both are proved dead', async () => {
    for (const one of [...inUse, jwt]) world.emulator.revokeJwt(jtiOf(one));
    for (let page = await member.open(url); page.hasForm(says(texts.after.deleted));) {
      world.pass(TEN_MINUTES_MS);
      await member.press(page, says(texts.after.deleted));
      world.pass(TWO_MINUTES_MS);
      page = await waitFor('a proof', MOST_WAIT_MS, async () => {
        const now = await member.open(url);
        return deletionsOn(now) < deletionsOn(page) ? now : undefined;
      });
    }
  });

  const note = await step('the clinic read its receipt and downloaded it', async () => {
    const page = await waitFor('the receipt', MOST_WAIT_MS, async () => {
      const now = await member.open(url);
      return now.links().some(({ text }) => text === texts.after.download) ? now : undefined;
    });
    const { html } = await member.follow(page, says(texts.after.download));
    expect(html.startsWith('Latchkey receipt v1\n') && page.text.includes(idOf(html)), page.describe());
    return html;
  });
  await step(`the receipt says: ${summaryOf(note)}`, () => {
    expect(note.includes('\nresult: proved_dead\n'), 'another result');
    return Promise.resolve();
  });

  const keys = (await member.open(`${world.urls.portal}/.well-known/latchkey-keys`)).html;
  await step('latchkey receipt verify accepts it offline, with the published key', async () => {
    const { code, said } = await verify(note, keys);
    expect(code === 0, said);
  });
  await step('latchkey receipt verify refuses it when one character is changed', async () => {
    const { code, said } = await verify(note.replace('result: p', 'result: P'), keys);
    expect(code === 1 && said.startsWith('bad: '), said);
  });
  return { pasted: [jwt] };
}

const idOf = (note: string): string => factsOf(note).find(({ name }) => name === 'receipt')?.value ?? '-';

/** The name of a JWT at RingCentral. */
const jtiOf = (jwt: string): string => {
  const [, claims = ''] = jwt.split('.');
  return (JSON.parse(Buffer.from(claims, 'base64url').toString()) as { jti: string }).jti;
};

const deletionsOn = (page: WalkPage): number => page.html.split('name="credential_id"').length;

const shown = ['receipt', 'disconnected-by', 'sessions-revoked', 'sessions-not-revoked', 'result', 'signed', 'key'];
const summaryOf = (note: string): string =>
  factsOf(note)
    .filter(({ name }) => shown.includes(name))
    .map(({ name, value }) => `${name}: ${value}`)
    .join(', ');

/** Runs the command on a file, as a clinic would. */
async function verify(note: string, keys: string): Promise<{ code: number; said: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-receipt-'));
  try {
    const [file, key] = [join(folder, 'receipt.txt'), join(folder, 'keys.txt')];
    writeFileSync(file, note);
    writeFileSync(key, keys);
    const lines: string[] = [];
    const terminal = {
      say: (line: string) => void lines.push(line),
      fail: (...more: string[]) => (lines.push(...more), 1) as 1,
    };
    return { code: (await receiptVerify.run?.({ file, key }, terminal)) ?? -1, said: lines.join(' ') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
