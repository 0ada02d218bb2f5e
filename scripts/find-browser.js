import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Chromium without its windows, which it would draw unseen: a page opens in a quarter of the time. */
const shell = 'chromium-headless-shell';
const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

/**
 * The browser the tests drive: CHROMIUM_PATH, else Chromium's headless shell where it will do, else the first Chromium
 * or Chrome on the PATH.
 *
 * @param {NodeJS.ProcessEnv} env
 * @param {{ whole?: boolean }} [need] `whole` where something is copied and pasted: not in the shell
 * @returns {string | undefined} undefined also when CHROMIUM_PATH names nothing that can be run
 */
export function findBrowser(env, { whole = false } = {}) {
  if (env.CHROMIUM_PATH) return isProgram(env.CHROMIUM_PATH) ? env.CHROMIUM_PATH : undefined;
  const folders = (env.PATH ?? '').split(delimiter).filter(Boolean);
  return [...(whole ? [] : [shell]), ...names]
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find(isProgram);
}

/** @param {string} file */
function isProgram(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
