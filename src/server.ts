import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { configWarnings } from './config-warnings.js';
import { problemLines, readConfig } from './config.js';
import { InstallationProblem, openPortal } from './installation.js';
import { createLogger, standardOutput } from './platform/log.js';

/** Prints one line per problem on stderr and ends the process. Nothing listens yet, and no value is printed. */
function refuse(lines: string[]): never {
  for (const line of lines) process.stderr.write(`${line}\n`);
  process.exit(1);
}

const parsed = readConfig();
if (!parsed.ok) refuse(problemLines(parsed.problems));
const { config } = parsed;

const log = createLogger(config.LOG_LEVEL, standardOutput());
const portal = await openPortal(config, log).catch((error: unknown) => {
  if (error instanceof InstallationProblem) refuse([error.message]);
  log.fatal({ err: error }, 'the portal cannot start');
  return refuse(['the portal cannot start']);
});

const problem = await portal.begin().catch((error: unknown) => {
  log.fatal({ err: error }, 'the portal cannot start');
  return 'the portal cannot start';
});
if (problem !== null) refuse([problem]);

const server: Server = createServer(portal.app);
server.requestTimeout = 30_000;
server.headersTimeout = 15_000;
server.listen(config.PORT, config.HOST, () => {
  portal.start();
  for (const warning of problemLines(configWarnings(config))) log.warn(warning);
  log.info({ port: (server.address() as AddressInfo).port, roles: config.ROLES }, 'listening');
});
server.on('error', () => refuse(['PORT or HOST cannot be listened on']));

/** Stops accepting requests, finishes the running ones, and exits; a second signal exits immediately. */
function stop(): void {
  process.once('SIGTERM', () => process.exit(1)).once('SIGINT', () => process.exit(1));
  server.close();
  server.closeIdleConnections();
  void portal.close().then(() => process.exit(0));
}
process.once('SIGTERM', stop).once('SIGINT', stop);
