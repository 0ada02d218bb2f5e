import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The folder that holds the demo's database and keys. */
export type DemoFolder = { path: string; release: () => void };

const HOLDER = 'demo.pid';

/**
 * Empties and recreates the folder, so that the demo starts empty. If a running demo holds the folder, this demo uses
 * a temporary folder beside it instead.
 *
 * @returns the folder; `release` deletes a temporary folder and keeps the files of any other folder for inspection
 */
export function takeFolder(wanted: string, isTemporary: boolean): DemoFolder {
  const path = isHeld(wanted) ? `${wanted}-${process.pid}` : wanted;
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const holder = join(path, HOLDER);
  writeFileSync(holder, `${process.pid}\n`);
  return {
    path,
    release: () => {
      rmSync(isTemporary || path !== wanted ? path : holder, { recursive: true, force: true });
    },
  };
}

function isHeld(folder: string): boolean {
  const holder = join(folder, HOLDER);
  if (!existsSync(holder)) return false;
  const pid = Number(readFileSync(holder, 'utf8').trim());
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0); // signal 0 only checks whether the process exists
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
