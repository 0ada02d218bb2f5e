import { rmSync } from 'node:fs';
import { dirname } from 'node:path';

export default function remove() {
  const { TEST_SQLITE_TEMPLATE: template } = process.env;
  if (template) rmSync(dirname(template), { recursive: true, force: true });
}
