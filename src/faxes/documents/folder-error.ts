/** What to do, by the code of the system or of SQLite. */
const advice: Record<string, string> = {
  ENOENT: 'it does not exist, or is gone; make it, or mount its disk',
  ENOTDIR: 'it is no folder',
  ENOSPC: 'the disk is full; make room and run the command again',
  EDQUOT: 'the disk quota is used up; make room and run the command again',
  EROFS: 'it is read-only; mount its disk for writing',
  EACCES: 'this user may not use it; check its owner and mode',
  EPERM: 'this user may not use it; check its owner and mode',
  EIO: 'its disk does not work; look at the log of the system',
};
const like: Record<string, string> = {
  SQLITE_FULL: 'ENOSPC',
  SQLITE_READONLY: 'EROFS',
  SQLITE_CANTOPEN: 'ENOENT',
  SQLITE_IOERR: 'EIO',
};

function adviceOn(code: string): string | undefined {
  const [general = code] = /^SQLITE_[A-Z]+/.exec(code) ?? [];
  return advice[like[general] ?? general];
}

/** The folder of the pull cannot be used: disk full, read-only, gone, or its set cannot be read or written. */
export class FolderError extends Error {
  override readonly name = 'FolderError';
  /** @param code of the system or of SQLite, such as `ENOSPC` or `SQLITE_FULL` */
  constructor(readonly code: string) {
    super(['the folder cannot be used', code, adviceOn(code)].filter((part) => part !== undefined).join(': '));
  }

  /** Whether it may still be read. */
  isReadOnly(): boolean {
    return /^(EROFS|EACCES|EPERM|SQLITE_READONLY\w*)$/.test(this.code);
  }
}

/** Runs work on the folder. Its errors become a `FolderError`, so that no path is in them; a defect stays what it is. */
export async function onFolder<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = String((error as { code?: unknown } | null)?.code);
    if (error instanceof FolderError || !/^(SQLITE_\w+|E[A-Z0-9]+)$/.test(code)) throw error;
    throw new FolderError(code);
  }
}
