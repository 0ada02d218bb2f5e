import type { RequestHandler } from 'express';
import { PortalError } from '../errors.js';

const allowed = ['GET', 'HEAD', 'POST'];

/** Pages need three methods. TRACE and others are disabled, and OPTIONS too, because no other origin may call us. */
export const onlyPageMethods: RequestHandler = (req, res, next) => {
  if (allowed.includes(req.method)) {
    next();
    return;
  }
  res.set('Allow', allowed.join(', '));
  next(new PortalError('method_not_allowed'));
};
