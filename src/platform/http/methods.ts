import type { RequestHandler } from 'express';
import { PortalError } from '../errors.js';

const allowed = ['GET', 'HEAD', 'POST'];

/** Pages need three methods. TRACE and the rest are off; so is OPTIONS, since no other origin has business here. */
export const onlyPageMethods: RequestHandler = (req, res, next) => {
  if (allowed.includes(req.method)) {
    next();
    return;
  }
  res.set('Allow', allowed.join(', '));
  next(new PortalError('method_not_allowed'));
};
