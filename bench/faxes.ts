import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pass } from 'node:timers/promises';
import type { Fault } from '../src/emulator/traffic/faults.js';
import { documentedLimits } from '../src/emulator/traffic/rate-limits.js';
import { connectClinics, type FaxClinic } from '../test/drill/faxes/fax-clinics.js';
import { fastTime } from '../test/support/processes/fast-time.js';
import { toItsEnd, type RunningProcess } from '../test/support/processes/processes.js';
import { onStage, type Stage } from '../test/support/processes/real-processes.js';
import { rounded, type Also, type SingleRun } from './harness.js';

/*
 * A night: 200 clinics, none of which has a token, and pulls that are killed at random while they fetch, until one ends
 * by itself. RingCentral is the emulator with the documented limits in sliding windows of a minute, each with a penalty
 * of a minute: 5 token calls of the app, and 50 lists and 40 documents of each user.
 *
 * What the limits allow: the portal keeps one token call for people and counts in windows of 62 seconds. So the first
 * clinic gets its token at once, and then one clinic each 15.5 seconds: the last of 200 after 199 × 15.5 s = 51.4
 * minutes. Nothing else needs time of its own: a clinic in ten has more faxes than a window of its user holds, and these
 * windows pass while other clinics wait for tokens.
 *
 * Time passes 15 times faster for the portal, the pulls and RingCentral alike. No window, wait, spread or penalty is
 * changed, and the portal has its usual settings. What the machine has to do does not become faster, and all of it is
 * counted, which makes the ratio too high, never too low: the second that a pull needs to start after a kill counts as 15,
 * a fax that is written in 20 ms as 0.3 seconds.
 */
const FACTOR = 15;
const CLINICS = 200;
const FAXES = 5;
const FAXES_OF_TENTH = 60;
const KILLS = 4;

/** The mean time between two tokens for jobs. */
const TOKEN_EVERY_MS = 62_000 / (documentedLimits.auth - 1);
const ALLOWED_MS = (CLINICS - 1) * TOKEN_EVERY_MS;
/** More than the life of a token. */
const UNTIL_NIGHT_MS = 65 * 60_000;

/** Between two tokens there are 15.5 seconds. */
const LONG_SECONDS = 17;

type Time = ReturnType<typeof fastTime>;

const once: SingleRun['once'] = async (tell) => {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-bench-faxes-'));
  const time = fastTime(FACTOR);
  const stageOptions = { patches: time.patches, databaseUrl: undefined, perMinute: 3000, now: time.now };
  try {
    return await onStage(stageOptions, (stage) => night(stage, time, folder, tell));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

async function night(
  stage: Stage,
  time: Time,
  folder: string,
  tell: (line: string) => void,
): Promise<{ ratio: number; also: Also[] }> {
  const { installation, emulator } = stage;
  const whole = { ...installation.environment.whole, ROLES: 'web,worker,api' };
  const [connecting] = stage.start('worker', 1, whole);
  const clinics = await connectClinics(stage, (await connecting?.ready) ?? '', CLINICS);
  await connecting?.end();
  const faxes = deliver(stage, clinics);
  const documents = emulator.faults.add({ kind: 'document_slow', call: 'content', bytes: 300, delayMs: 10 });

  time.begin(UNTIL_NIGHT_MS);
  emulator.setLimits(documentedLimits);
  emulator.clearLog();
  const ofNight = { RINGCENTRAL_AUTH_PER_MINUTE: String(documentedLimits.auth), ...time.environment() };
  const [portal] = stage.start('worker', 1, { ...whole, ...ofNight });
  const env = {
    ...time.environment(),
    LATCHKEY_URL: (await portal?.ready) ?? '',
    LATCHKEY_API_KEY: installation.apiKey,
  };
  try {
    const startedAt = time.now().getTime();
    // So that the bench ends if the pulls do not.
    const until = new Date(startedAt + 1.5 * ALLOWED_MS).toISOString();
    const start = () => stage.command(['faxes', 'pull', '--to', folder, '--until', until], { env });
    await kill(start, documents, time);
    const lastKillMs = time.now().getTime() - startedAt;
    const { stdout, stderr } = await toItsEnd(start());
    const tookMs = time.now().getTime() - startedAt;
    const total = JSON.parse(stdout.split('\n').at(-1) ?? '{}') as { pulled?: number };
    if (total.pulled !== CLINICS) tell(stderr);
    const tokens = emulator.tokenCalls.filter(({ kind }) => kind === 'token');
    const lastTokenMs = (tokens.at(-1)?.arrivedAt ?? NaN) - startedAt;
    const refused = emulator.requests.filter(({ status }) => status === 429).length;
    tell(`faxes: ${CLINICS} clinics in ${minutes(tookMs)} minutes; the limits allow ${minutes(ALLOWED_MS)}`);
    tell(`faxes: last kill after ${minutes(lastKillMs)} minutes, last token after ${minutes(lastTokenMs)}`);
    tell(`faxes: seconds between tokens, if more than ${LONG_SECONDS}: ${longGaps(tokens).join(', ')}`);
    tell(`faxes: ${documents.played} documents were fetched for ${faxes} faxes, the others again after a kill`);
    tell(`faxes: ${emulator.requests.length} requests to RingCentral, ${refused} refused with 429`);
    const also: Also[] = [
      { name: 'clinics that were not pulled', value: CLINICS - (total.pulled ?? 0), most: 0 },
      { name: 'requests refused with 429', value: refused, most: 0 },
      // After a kill late in the night, the tokens of the first clinics are near their end.
      { name: 'token calls for each clinic', value: rounded(tokens.length / CLINICS), most: 1.05 },
    ];
    return { ratio: tookMs / ALLOWED_MS, also };
  } finally {
    await portal?.end();
  }
}

function deliver({ emulator }: Stage, clinics: readonly FaxClinic[]): number {
  let faxes = 0;
  for (const [index, { extensionId }] of clinics.entries())
    for (let left = index % 10 === 0 ? FAXES_OF_TENTH : FAXES; left > 0; left -= 1, faxes += 1)
      emulator.deliverFax(extensionId);
  return faxes;
}

/** Kills a pull while it fetches a document, once in each but the last of equal parts of what the limits allow. */
async function kill(start: () => RunningProcess, documents: Fault, { now }: Time): Promise<void> {
  const startedAt = now().getTime();
  for (let kills = 0; kills < KILLS; kills += 1) {
    const killAt = startedAt + ((kills + Math.random()) * ALLOWED_MS) / (KILLS + 1);
    const pull = start();
    const state = { isOver: false };
    void pull.exited.then(() => (state.isOver = true));
    const come = async (count: number) => {
      const before = documents.played;
      while (!state.isOver && documents.played < before + count) await pass(5);
    };
    await come(1);
    await pass((killAt - now().getTime()) / FACTOR);
    await come(1 + Math.random() * FAXES_OF_TENTH);
    await pull.kill9();
  }
}

/** Where time was lost: after a kill, or because no clinic was there that could have had a token. */
function longGaps(tokens: readonly { arrivedAt: number }[]): number[] {
  const gaps = tokens.map(({ arrivedAt }, index) => (arrivedAt - (tokens[index - 1]?.arrivedAt ?? arrivedAt)) / 1000);
  return gaps.filter((gap) => gap > LONG_SECONDS).map(Math.round);
}

const minutes = (milliseconds: number) => (milliseconds / 60_000).toFixed(1);

export const faxes: SingleRun = {
  name: 'faxes',
  about: `the pull of ${CLINICS} clinics with ${KILLS} kills ÷ what the limits allow, in a time ${FACTOR} times faster`,
  most: 1.1,
  once,
};
