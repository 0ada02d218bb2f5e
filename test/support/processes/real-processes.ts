import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSmtpCatcher, type SmtpCatcher } from '../../../src/demo/smtp-catcher.js';
import { createEmulator, type Emulator } from '../../../src/emulator/emulator.js';
import { Installation } from '../installation.js';
import { startProcess } from './processes.js';
import { Restarted } from './restarted-process.js';
import { compileCopy, type Patch } from '../../drill/source-copy.js';

/** What processes are started on, and all they talk to. */
export type Stage = {
  installation: Installation;
  emulator: Emulator;
  mail: SmtpCatcher;
  /** of the ISV's app */
  clientId: string;
  /** So many processes of a role, each started again whenever it ends. Whoever asks ends them. */
  start: (role: 'web' | 'worker', count: number, env?: Record<string, string>) => Restarted[];
};

export type StageOptions = {
  /** planted in the compiled copy that the processes run */
  patches: readonly Patch[];
  /** migrated; default a file of SQLite */
  databaseUrl: string | undefined;
  /** how many token calls a minute RingCentral allows and the portal makes */
  perMinute: number;
};

/** Compiles a copy, starts an emulator and a mail server for it, and takes all of it away when `run` is done. */
export async function onStage<Result>(options: StageOptions, run: (stage: Stage) => Promise<Result>): Promise<Result> {
  const { patches, databaseUrl, perMinute } = options;
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-kills-'));
  const emulator = createEmulator({ limits: { auth: perMinute, light: 1e6, medium: 1e6, heavy: 1e6 }, delayMs: 15 });
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
    try {
      return await run({ installation, emulator, mail, clientId, start });
    } finally {
      await installation.member.close();
    }
  } finally {
    await mail.close();
    await emulator.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
