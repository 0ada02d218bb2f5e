import { createRequire } from 'node:module';

const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };

/** Of this build, for RingCentral's logs; never told to a browser. */
export { version };
