/** The folder of the pull cannot be used: disk full, read-only, gone, or its set cannot be read or written. */
export class FolderError extends Error {
  override readonly name = 'FolderError';
  /** @param code of the system or of SQLite, such as `ENOSPC` or `SQLITE_FULL` */
  constructor(readonly code: string) {
    super(`the folder cannot be used: ${code}`);
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
