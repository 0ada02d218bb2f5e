import { z } from 'zod';
import { apiRoute, type ApiRoute } from '../app/capability.js';
import { Problem } from '../app/problem.js';
import type { InvitationService, InviteProblem } from '../accounts/invitations/invitation-service.js';
import { connectionAnswer, connectionAnswerOf } from './answers.js';
import type { CallDeps } from './tenant-calls.js';

const invitation = z.strictObject({
  email: z.string().max(1000),
  deliver: z
    .enum(['email', 'caller'])
    .describe('`caller`: the answer has the link, and the account confirms its mailbox first'),
});
const invited = z.strictObject({
  expires_at: z.iso.datetime(),
  url: z.string().optional().describe('Only for `caller`: the link, for this person only'),
});

/** What belongs to one tenant: its connection, checks of it, and invitations. */
export function connectionCalls(
  { connections }: Pick<CallDeps, 'connections'>,
  invitations: Pick<InvitationService, 'invite'>,
): ApiRoute[] {
  return [
    apiRoute({
      method: 'get',
      path: '/tenants/{tenant}/connection',
      scope: 'tenants:read',
      summary: 'Get the connection of a clinic',
      response: connectionAnswer,
      handler: async ({ params }) => ({ body: connectionAnswerOf(await connections.view(params.tenant ?? '')) }),
    }),
    apiRoute({
      method: 'post',
      path: '/tenants/{tenant}/connection/checks',
      scope: 'tenants:write',
      summary: 'Check the connection of a clinic now',
      responseStatus: 202,
      problems: { 409: ['not_connected'], 429: ['check_limit_reached'] },
      handler: async ({ caller, params, origin }) => {
        const id = params.tenant ?? '';
        const asked = await connections.requestCheck(id, { keyId: caller.keyId, personId: null }, origin);
        if (asked.kind === 'nothing') throw new Problem(409, { cause: 'not_connected', fixOwner: 'tenant' });
        if (asked.kind === 'limited') throw new Problem(429, { cause: 'check_limit_reached', retryAt: asked.until });
        return { headers: { Location: `/api/v1/tenants/${id}/connection` } };
      },
    }),
    apiRoute({
      method: 'post',
      path: '/tenants/{tenant}/invitations',
      scope: 'tenants:write',
      summary: 'Invite a person of a clinic',
      request: invitation,
      response: invited,
      responseStatus: 201,
      problems: { 409: ['already_member', 'already_invited'], 429: ['invitation_limit_reached'] },
      handler: async ({ caller, params, body, origin }) => {
        const byHand = body.deliver === 'caller';
        const asked = { tenantId: params.tenant ?? '', email: body.email, invitedBy: null, keyId: caller.keyId };
        const made = await invitations.invite({ ...asked, byHand, origin });
        if (!made.ok) throw problemOf(made);
        return { body: { expires_at: made.expiresAt.toISOString(), ...(byHand ? { url: made.url } : {}) } };
      },
    }),
  ];
}

function problemOf(refused: InviteProblem): Problem {
  switch (refused.problem) {
    case 'email_unreadable':
      return new Problem(422, { errors: [{ pointer: '/email', code: 'unreadable' }] });
    case 'tenant_unknown':
      return new Problem(404);
    case 'already_member':
    case 'already_invited':
      return new Problem(409, { cause: refused.problem });
    case 'too_many':
    case 'too_many_to_one':
      return new Problem(429, { cause: 'invitation_limit_reached', retryAt: refused.until });
  }
}
