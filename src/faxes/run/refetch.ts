import { createStreamedGet } from '../../platform/outbound/streamed-get.js';
import { version } from '../../platform/version.js';
import { mailboxCalls } from '../calls/mailbox-calls.js';
import { rateLimiter } from '../calls/rate-limiter.js';
import { tokenCalls } from '../calls/token-calls.js';
import type { FaxLine } from '../fax-types.js';
import { fetchAgain } from '../line/fetch-fax.js';
import { aRun, inFolder, type Opened, type PortalAccess, type PullSurroundings } from './pull-into.js';

/** Fetches the documents of one fax again, whatever is there. @returns the exit code */
export const refetchFax = (
  access: PortalAccess,
  folder: string,
  messageId: string,
  around: PullSurroundings,
): Promise<0 | 1 | 2> =>
  inFolder(folder, around, async (opened) => {
    const lines = opened.set.linesWith(messageId);
    if (lines.length === 0) around.note('no fax with this id was listed');
    let isDone = lines.length > 0;
    for (const line of lines) isDone = (await refetch(access, folder, { line, messageId }, around, opened)) && isDone;
    return isDone ? 0 : 1;
  });

/** @returns whether all documents of the fax are there now */
async function refetch(
  access: PortalAccess,
  dir: string,
  { line, messageId }: { line: FaxLine; messageId: string },
  around: PullSurroundings,
  { set, state }: Opened,
): Promise<boolean> {
  const { world, clock, signal, say, network } = around;
  const fax = set.message(line, messageId);
  if (!fax) return false;
  const { client, until } = aRun(access, {}, around);
  const limiter = rateLimiter({ clock, wait: world.wait, store: state.limits });
  const getter = createStreamedGet({ world, userAgent: `Latchkey/${version}`, network });
  const tokens = client.tokens(`ref:${line.externalRef}`, { purpose: 'fax-fetch' });
  const calls = tokenCalls({ tokens, limiter, get: getter.get, world, until, signal });
  try {
    const outcome = await fetchAgain(line, fax, world.now().toISOString(), { calls: mailboxCalls(calls), set, dir });
    const { externalRef: external_ref, extensionId: extension_id } = line;
    const reason = 'reason' in outcome ? outcome.reason : null;
    say(JSON.stringify({ external_ref, extension_id, message_id: messageId, outcome: outcome.kind, reason }));
    return outcome.kind === 'done';
  } finally {
    for (const ownerId of calls.users()) await limiter.leave(ownerId);
    await getter.close();
  }
}
