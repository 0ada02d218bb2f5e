import type { Request, RequestHandler, Response } from 'express';

export type ConsoleSession = {
  id: string;
  csrf: string;
  /** null until a user signs in */
  extensionId: string | null;
  /** one sentence to show on the next page */
  notice: string | null;
  /**
   * the credential this session created last, the only one whose JWT it may see (whether RingCentral shows a JWT
   * again is unknown)
   */
  madeJti: string | null;
};

const most = 1000;

/** Console sessions: a cookie and a map. There is nothing to protect; the sessions only imitate the real console. */
export class ConsoleSessions {
  private readonly sessions = new Map<string, ConsoleSession>();
  private readonly ofRequest = new WeakMap<Request, ConsoleSession>();

  constructor(
    private readonly newId: () => string,
    private readonly cookieName: string,
    private readonly path: string,
  ) {}

  middleware(): RequestHandler {
    return (req, res, next) => {
      const cookies = (req.get('cookie') ?? '').split(/; */).map((pair) => pair.split('='));
      const id = cookies.find(([name]) => name === this.cookieName)?.[1];
      const session = this.sessions.get(id ?? '') ?? this.begin(res, null);
      this.ofRequest.set(req, session);
      next();
    };
  }

  of(req: Request): ConsoleSession {
    const session = this.ofRequest.get(req);
    if (!session) throw new Error('a console page was asked for without a session');
    return session;
  }

  /** Issues a new id at every sign-in and sign-out. */
  replace(req: Request, res: Response, extensionId: string | null): ConsoleSession {
    this.sessions.delete(this.of(req).id);
    return this.begin(res, extensionId);
  }

  private begin(res: Response, extensionId: string | null): ConsoleSession {
    const session = { id: this.newId(), csrf: this.newId(), extensionId, notice: null, madeJti: null };
    this.sessions.set(session.id, session);
    const oldest = this.sessions.keys().next().value;
    if (this.sessions.size > most && oldest !== undefined) this.sessions.delete(oldest);
    res.append('Set-Cookie', `${this.cookieName}=${session.id}; Path=${this.path}; HttpOnly; SameSite=Lax`);
    return session;
  }
}
