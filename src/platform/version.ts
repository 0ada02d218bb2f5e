import { createRequire } from 'node:module';

const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };

/** The version of this build, for RingCentral's logs; never sent to a browser. */
export { version };
