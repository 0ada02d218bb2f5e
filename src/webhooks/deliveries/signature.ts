import { createHmac } from 'node:crypto';
import { Secret } from '../../platform/secret.js';
import type { World } from '../../platform/world.js';

const PREFIX = 'whsec_';

export const newSecret = (world: Pick<World, 'randomBytes'>): Secret =>
  new Secret(`${PREFIX}${world.randomBytes(32).toString('base64')}`);

/**
 * The headers of Standard Webhooks 1.0, signed with each of the secrets.
 *
 * @param at the time of this try, not of the event: receivers refuse what is older than five minutes
 */
export function signedHeaders(id: string, at: Date, body: string, secrets: readonly Secret[]): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.reveal().slice(PREFIX.length), 'base64');
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
  });
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  };
}
