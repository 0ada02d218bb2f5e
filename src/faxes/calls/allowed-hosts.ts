import type { AccessToken } from '../../client/client.js';
import { safeOrigin } from '../../platform/outbound/streamed-get.js';
import { mediaUrls, serverUrls } from '../../ringcentral/environments.js';

/**
 * The only origins to which a token is sent: RingCentral's own, and those that the portal named with the token. What a
 * list of RingCentral names is compared with these.
 */
export function originsOf({ server_url: server, media_url: media }: AccessToken): readonly string[] {
  const known = [server, media, ...Object.values(serverUrls), ...Object.values(mediaUrls)].map(safeOrigin);
  return [...new Set(known.filter((origin) => origin !== null))];
}

/** Where a document is fetched: at the host that the list names if it is an allowed one, else at the media host. */
export function originOfDocument(uri: string | null, token: AccessToken, origins: readonly string[]): string {
  const named = uri === null ? null : safeOrigin(uri);
  return named !== null && origins.includes(named) ? named : token.media_url.replace(/\/$/, '');
}
