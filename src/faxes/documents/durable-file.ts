import { constants } from 'node:fs';
import { mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Makes the folders of `path` below `dir`, one by one: `dir` itself is never made, because a disk that is not mounted
 * must not be written to. Each new folder is durable before anything is put into it.
 */
export async function makeFolders(dir: string, path: string): Promise<string> {
  let folder = dir;
  for (const part of path.split('/')) {
    const parent = folder;
    folder = join(folder, part);
    const isNew = await mkdir(folder, { mode: 0o700 }).then(
      () => true,
      (error: unknown) => {
        if ((error as { code?: unknown }).code === 'EEXIST') return false;
        throw error;
      },
    );
    if (isNew) await syncFolder(parent);
  }
  return folder;
}

export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A new file that only its owner can read. What a kill left in its place is removed, or it would write to a link's file. */
export async function openPart(path: string): Promise<FileHandle> {
  await remove(path);
  return open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
}

/** Writes a text file that is either whole or absent. The folder is not synced. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const part = `${path}.part`;
  const handle = await openPart(part);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(part, path);
}

export const remove = (path: string): Promise<void> => rm(path, { force: true });
