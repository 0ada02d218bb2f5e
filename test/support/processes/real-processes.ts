import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSmtpCatcher, type SmtpCatcher } from '../../../src/demo/smtp-catcher.js';
import { createEmulator, type Emulator } from '../../../src/emulator/emulator.js';
import { Installation } from '../installation.js';
import { startProcess, type ProcessOptions, type RunningProcess } from './processes.js';
import { Restarted } from './restarted-process.js';
import { compileCopy, type Patch } from '../../drill/source-copy.js';

/** The installation that processes start on, and the servers they talk to. */
export type Stage = {
  installation: Installation;
  emulator: Emulator;
  mail: SmtpCatcher;
  /** the client ID of the ISV's app */
  clientId: string;
  /** Starts this many processes of a role and restarts each when it ends. The caller must end them. */
  start: (role: 'web' | 'worker' | 'api', count: number, env?: Record<string, string>) => Restarted[];
  /** Starts a command of the compiled copy: `latchkey <args>`. */
  command: (args: string[], options?: ProcessOptions) => RunningProcess;
};

export type StageOptions = {
  /** defects to plant in the compiled copy that the processes run */
  patches: readonly Patch[];
  /** a migrated database; default an SQLite file */
  databaseUrl: string | undefined;
  /** the token calls a minute that RingCentral allows and the portal makes */
  perMinute: number;
  /** the window of RingCentral's limits; default a minute */
  windowSeconds?: number;
  /** RingCentral's clock; default the machine's */
  now?: () => Date;
};

/** Compiles a copy, starts an emulator and a mail server for it, and removes everything when `run` has finished. */
export async function onStage<Result>(options: StageOptions, run: (stage: Stage) => Promise<Result>): Promise<Result> {
  const { patches, databaseUrl, perMinute, windowSeconds = 60, now = () => new Date() } = options;
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-kills-'));
  const limits = { auth: perMinute, light: 1e6, medium: 1e6, heavy: 1e6 };
  const emulator = createEmulator({ limits, windowSeconds, now, delayMs: 15 });
  const mail = await startSmtpCatcher();
  try {
    compileCopy(folder, patches);
    const { clientId, secret } = emulator.addApp();
    const ringcentral = { serverUrl: await emulator.listen(), clientId, clientSecret: secret ?? '' };
    const { url: smtpUrl } = mail;
    const installation = await Installation.create({ folder, databaseUrl, ringcentral, perMinute, smtpUrl });
    const start: Stage['start'] = (role, count, env = {}) => {
      const startOne = () =>
        startProcess(process.execPath, [join(folder, 'dist/server.js')], {
          cwd: folder,
          env: { ...installation.environment[role], ...env },
        });
      return Array.from({ length: count }, () => new Restarted(startOne));
    };
    const command: Stage['command'] = (args, given = {}) =>
      startProcess(process.execPath, [join(folder, 'dist/cli.js'), ...args], { stdin: '', ...given });
    try {
      return await run({ installation, emulator, mail, clientId, start, command });
    } finally {
      await installation.member.close();
    }
  } finally {
    await mail.close();
    await emulator.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
