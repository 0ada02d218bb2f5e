import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where a demo keeps its database and keys. */
export type DemoFolder = { path: string; release: () => void };

const HOLDER = 'demo.pid';

/**
 * Makes the folder anew, so that a demo starts empty. One that a running demo holds is left alone: this one then takes
 * a folder beside it, which is as temporary as one that is asked to be.
 *
 * @returns the folder; `release` removes a temporary one, and leaves the files of any other to look at
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
    process.kill(pid, 0); // sends nothing: it only asks whether the process lives
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
