import { Router, type Request, type Response } from 'express';
import { readLocalPath } from '../accounts/people/local-path.js';
import { looksLikeToken } from '../accounts/people/secret-tokens.js';
import { seeOther } from '../platform/http/answers.js';
import { memberPaths, signInPathOf } from '../tenants/journey.js';
import type { CallbackOutcome, CodeFlowService, Returned } from './code-flow-service.js';
import { endingPage, endings, type Ending } from './sign-in-page.js';
import { visitOf } from './sign-in-routes.js';

type Deps = {
  codeFlow: Pick<CodeFlowService, 'receive' | 'tenantIdOf'>;
  /** Wakes this process's own worker, if it has one. */
  poke: () => void;
  waitForCheck: (tenantId: string, requestId: string, mostMs: number) => Promise<boolean>;
};

/** How long a person's request waits for a result; after that, the connection page shows it. */
const MOST_WAIT_MS = 8000;
/** Far longer than any code that was seen. */
const LONGEST = 4096;

const pathOf: Record<Ending, string> = {
  signed_out: '/signed-out',
  too_old: '/too-old',
  elsewhere: '/elsewhere',
  failed: '/failed',
};
const MOUNT = '/oauth/callback';

/** A value that was sent once. Anything else that was sent is empty, which is no valid value. */
function text(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  return typeof value === 'string' && value.length <= LONGEST ? value : '';
}

/** undefined if it has no state of ours */
function returnedIn({ query }: Request): Returned | undefined {
  const state = text(query.state);
  if (state === undefined || !looksLikeToken(state)) return undefined;
  return { state, code: text(query.code) || undefined, error: text(query.error), iss: text(query.iss) };
}

/** Asked by something that only looks ahead: a link checker, or a browser that the person has not yet told to go. */
const onlyLooksAhead = (req: Request): boolean =>
  req.method === 'HEAD' ||
  ['Sec-Purpose', 'Purpose', 'X-Purpose', 'X-Moz'].some((name) =>
    /prefetch|prerender|preview/i.test(req.get(name) ?? ''),
  );

/**
 * Runs before the browser session is read. Answers what only looks ahead, because reading the session counts as an act
 * of the person. If anything fails from here on, the person does not stay at the address with the code.
 */
export const lookAheadRoutes = (): Router =>
  Router().get('/', (req, res, next) => {
    res.locals.failsAt = MOUNT + pathOf.failed;
    if (onlyLooksAhead(req)) res.status(204).end();
    else next();
  });

/**
 * `/oauth/callback`: where RingCentral returns a person to. A named exception to "GET changes nothing" (SEC-13): it
 * uses up a state, and leads on to an address that contains neither code nor state, also if it fails.
 */
export function callbackRoutes({ codeFlow, poke, waitForCheck }: Deps): Router {
  const end = (res: Response, ending: Ending, query = '') => seeOther(res, MOUNT + pathOf[ending] + query);

  async function goOn(res: Response, outcome: CallbackOutcome): Promise<void> {
    switch (outcome.kind) {
      case 'unknown':
      case 'elsewhere':
        res.locals.refusal = { action: 'request.link_refused', detail: { because: outcome.kind } };
        end(res, outcome.kind === 'unknown' ? 'too_old' : 'elsewhere');
        return;
      case 'refused':
        seeOther(res, `${signInPathOf(outcome.tenantId)}?notice=${outcome.because}`);
        return;
      case 'spent':
        seeOther(res, `${memberPaths(outcome.tenantId).result}?notice=sign_in_used`);
        return;
      case 'queued':
        poke();
        await waitForCheck(outcome.tenantId, outcome.requestId, MOST_WAIT_MS);
    }
    // Also the answer to people who may no longer see it: the page's own guard tells them.
    seeOther(res, memberPaths(outcome.tenantId).result);
  }

  const router = Router().get('/', async (req, res) => {
    const visit = visitOf(req, res);
    const returned = returnedIn(req);
    if (!visit) {
      const tenantId = returned && (await codeFlow.tenantIdOf(returned.state));
      end(res, 'signed_out', tenantId && `?next=${encodeURIComponent(signInPathOf(tenantId))}`);
    } else if (!returned) await goOn(res, { kind: 'unknown' });
    else await goOn(res, await codeFlow.receive(returned, visit, { ip: req.ip, requestId: res.locals.requestId }));
  });
  for (const ending of Object.keys(endings) as Ending[])
    router.get(pathOf[ending], (req, res) =>
      res.render('errors/error', { page: endingPage(ending, res.locals.t, readLocalPath(req.query.next)) }),
    );
  return router;
}
