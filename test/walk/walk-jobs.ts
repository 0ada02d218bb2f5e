import { english as t } from '../../src/texts/texts.js';
import { latchkeyClient, type AccessToken } from '../../src/client/client.js';
import type { DemoWorld } from '../../src/demo/demo-world.js';
import { says } from '../../src/demo/walk-page.js';
import { anotherJwt, checked, type Connected } from './walk-connect.js';
import { externalRef, type Invited } from './walk-invitation.js';
import { walkThroughFaxes } from './walk-faxes.js';
import { signInClinic } from './walk-sign-in.js';
import { expect, expectHeading, expectPage, type Step } from './walk-step.js';

/** After this the limit of exchanges has room again. */
const TEN_MINUTES_MS = 600_000;
const keyName = 'Nightly faxes';
const purpose = 'nightly-faxes';

/** What the credential is for: a job of the ISV gets a token from the API and calls RingCentral with it. */
export async function walkThroughJobs(
  world: DemoWorld,
  { member }: Invited,
  { connection }: Connected,
  step: Step,
): Promise<{ pasted: string[] }> {
  const jwt = await anotherJwt(world);
  await step('the clinic pasted a new JWT: connected again', async () => {
    world.pass(TEN_MINUTES_MS);
    const box = await member.follow(await member.open(connection.url), says(t.connections.pasteNew));
    const page = await checked(member, await member.press(box, says(t.credentials.button), { assertion: jwt }));
    expectPage(page, { state: 'healthy' });
  });

  const { client, access } = await step('an API key was made for the jobs', async () => {
    const made = await world.portal.services.apiKeys.make(
      {
        name: keyName,
        purpose: 'jobs',
        scopes: ['tokens:issue'],
        tenantRefs: [externalRef, signInClinic.externalRef],
        expires: '',
      },
      { actor: { kind: 'command_line' } },
    );
    if (!made.ok) throw new Error('the key was not made');
    const client = latchkeyClient({ url: world.urls.portal, apiKey: made.key.reveal() });
    return { client, access: { url: world.urls.portal, apiKey: made.key } };
  });

  const tokenOf = async (ref: string): Promise<AccessToken> => {
    const answer = await client.accessToken(`ref:${ref}`, { purpose });
    if (answer.kind !== 'token') throw new Error(`the answer was ${answer.kind}`);
    return answer.token;
  };
  const { summit, [signInClinic.key]: signedIn } = world.example.clinics;

  const token = await step('a job got an access token with it', () => tokenOf(externalRef));

  await step('RingCentral accepted the token, and it acts as the service user of the clinic', () =>
    actsAs(token, summit.serviceUser.id),
  );

  const other = await step('the same job got an access token of the clinic that signed in', () =>
    tokenOf(signInClinic.externalRef),
  );

  await step('RingCentral accepted that token too, and it acts as the person who signed in', () =>
    actsAs(other, signedIn.admin.id),
  );

  await step('the clinic sees the use: with which key, what for, and that the job got a token', async () => {
    const page = expectHeading(
      await member.follow(await member.open(connection.url), says(t.activity.link)),
      t.activity.title,
    );
    for (const said of [t.activity.use, keyName, t.activity.purpose(purpose), t.activity.useResults.ok])
      expect(page.text.includes(said), `the page does not say "${said}"`);
  });
  const lines = [token, other].flatMap(({ fax_extensions: ids }) => ids);
  await walkThroughFaxes(world, access, lines, step);
  return { pasted: [jwt] };
}

async function actsAs({ server_url: server, access_token: token }: AccessToken, userId: string): Promise<void> {
  const answer = await fetch(`${server}/restapi/v1.0/account/~/extension/~`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const user = (await answer.json()) as { id?: unknown };
  expect(answer.status === 200 && String(user.id) === userId, `RingCentral answered ${answer.status}`);
}
