import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's root folder: two above this file, in `src` and in `dist`. */
const root = join(dirname(fileURLToPath(import.meta.url)), '../..');

export const viewsFolder = join(root, 'views');
export const publicFolder = join(root, 'public');
export const migrationsFolder = join(root, 'migrations');
