import type { Request, Response } from 'express';
import passport from 'passport';
import { Strategy as LocalStrategy } from 'passport-local';
import type { Cookies } from '../sessions/cookies.js';
import type { PasswordVerdict, SignInService } from './sign-in-service.js';
import { originOf } from './signing-in.js';

/**
 * Password sign-in as a passport strategy, so that another method can be added. Passport only runs the strategy; the
 * sessions are our own, because a session and its audit row must be written together.
 */
export function passwordStrategy(signIn: Pick<SignInService, 'verifyPassword'>, cookies: Cookies) {
  const authenticator = new passport.Passport();
  authenticator.use(
    new LocalStrategy(
      { usernameField: 'email', passwordField: 'password', passReqToCallback: true, session: false },
      (req, email, password, done) => {
        const origin = originOf(req, req.res as Response);
        signIn.verifyPassword({ email, password, device: cookies.readDevice(req), origin }).then(
          (verdict) => {
            const user = verdict.kind === 'right' ? verdict.person : false;
            done(null, user, { message: '', verdict } as { message: string });
          },
          (error: unknown) => {
            done(error);
          },
        );
      },
    ),
  );
  return (req: Request, res: Response): Promise<PasswordVerdict> =>
    new Promise((resolve, reject) => {
      const answer = (error: unknown, _user: unknown, info: { verdict?: PasswordVerdict } | undefined) => {
        if (info?.verdict) resolve(info.verdict);
        else reject(error instanceof Error ? error : new Error('the strategy gave no verdict'));
      };
      (authenticator.authenticate('local', { session: false }, answer) as (...args: unknown[]) => void)(
        req,
        res,
        reject,
      );
    });
}
