import type { Method } from '../../credentials/credential-types.js';
import { overlaid } from '../../texts/overlaid.js';
import type { Texts } from '../../texts/texts.js';

/** The texts about a connection, for the way in which the clinic is connected. */
export const textsFor = (t: Texts, method: Method): Texts =>
  method === 'jwt'
    ? t
    : {
        ...t,
        guide: overlaid(t.guide, t.bySignIn.guide),
        activity: overlaid(t.activity, t.bySignIn.activity),
        connections: overlaid(t.connections, t.bySignIn.connections),
        mails: overlaid(t.mails, t.bySignIn.mails),
      };
