import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's own folder: two above this file, in `src` as in `dist`. */
const root = join(dirname(fileURLToPath(import.meta.url)), '../..');

export const viewsFolder = join(root, 'views');
export const publicFolder = join(root, 'public');
export const migrationsFolder = join(root, 'migrations');
