import type { Response } from 'express';

/**
 * For a page whose form leads to other hosts: browsers apply `form-action` also to every redirect that follows a form,
 * and where those lead, such as to a company's own sign-in, is not known. `form-action` does not fall back to
 * `default-src`.
 */
export function leavesByForm(res: Response): Response {
  const directives = (res.get('Content-Security-Policy') ?? '').split(';');
  return res.set(
    'Content-Security-Policy',
    directives.filter((directive) => !directive.trim().startsWith('form-action')).join(';'),
  );
}
