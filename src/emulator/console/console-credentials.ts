import { Router, type Request, type Response } from 'express';
import {
  checkForm,
  editApps,
  expiryOf,
  formOf,
  permittedOf,
  readCredentialForm,
  type CredentialForm,
  type FieldError,
} from './console-form.js';
import { createdPage, credentialFormPage, credentialsPage, frame, peopleOf, type Owner } from './console-pages.js';
import type { ConsoleSessions } from './console-sessions.js';
import type { Control } from '../control.js';
import type { Core } from '../core.js';
import type { JwtCredential } from '../world/world-types.js';

/**
 * A page asked for something that does not exist or belongs to someone else; the console answers both the same way.
 */
export class NotOnConsole extends Error {}

const emptyForm: CredentialForm = {
  label: '',
  permitted: null,
  clientIds: [],
  enteredClientId: '',
  expiresOn: '',
  intent: '',
};

/**
 * List, create, edit and delete JWT credentials. Mounted twice: for the user's own credentials, and for another
 * person of the organization, whom a Developer Admin may manage once that person has signed in to the console.
 */
export function consoleCredentials(core: Core, control: Control, sessions: ConsoleSessions): Router {
  const { world } = core;

  function ownerOf(req: Request): Owner {
    const me = world.extension(sessions.of(req).extensionId ?? '');
    const personId = req.params['extensionId'];
    if (typeof personId !== 'string') return { extension: me, base: req.baseUrl, isSelf: true };
    const person = peopleOf(world, me.accountId).find(({ id }) => id === personId);
    if (!person || me.consoleRole !== 'developer_admin') throw new NotOnConsole();
    return { extension: person, base: req.baseUrl, isSelf: person === me };
  }

  function credentialOf(req: Request, owner: Owner): JwtCredential {
    const found = world.credentialsOf(owner.extension.id).find(({ jti }) => jti === req.params['jti']);
    if (!found) throw new NotOnConsole();
    return found;
  }

  function showForm(
    req: Request,
    res: Response,
    form: CredentialForm,
    errors: FieldError[] = [],
    credential?: JwtCredential,
  ): void {
    const page = credentialFormPage(world, ownerOf(req), form, errors, credential);
    const title = `${errors.length > 0 ? 'Error: ' : ''}${page.heading}`;
    res.status(errors.length > 0 ? 422 : 200);
    res.render('console/credential-form', { frame: frame(world, sessions.of(req), title), page });
  }

  /**
   * Handles "add app" and "remove app", which only show the form again. @returns true when the request was one of
   * these
   */
  function editedApps(req: Request, res: Response, form: CredentialForm, credential?: JwtCredential): boolean {
    if (form.intent !== 'add-app' && !form.intent.startsWith('remove-app:')) return false;
    const edited = editApps(world, form, ownerOf(req).extension.accountId);
    showForm(req, res, edited.form, edited.errors, credential);
    return true;
  }

  return Router({ mergeParams: true })
    .get('/', (req, res) => {
      const page = credentialsPage(world, ownerOf(req));
      res.render('console/credentials', { frame: frame(world, sessions.of(req), page.heading), page });
    })
    .get('/create', (req, res) => {
      const clientId = typeof req.query['client_id'] === 'string' ? req.query['client_id'] : '';
      if (clientId === '') {
        showForm(req, res, emptyForm);
        return;
      }
      const asked = { ...emptyForm, permitted: 'specific' as const, enteredClientId: clientId };
      const { form, errors } = editApps(world, asked, ownerOf(req).extension.accountId);
      showForm(req, res, form, errors);
    })
    .post('/create', (req, res) => {
      const form = readCredentialForm(req.body);
      if (editedApps(req, res, form)) return;
      const errors = checkForm(form, core.now());
      if (errors.length > 0) {
        showForm(req, res, form, errors);
        return;
      }
      const owner = ownerOf(req);
      const { label } = form;
      const asked = { extensionId: owner.extension.id, label, clientIds: permittedOf(form) };
      const { jti } = control.createJwt({ ...asked, exp: expiryOf(form.expiresOn) });
      sessions.of(req).madeJti = jti;
      res.redirect(303, `${owner.base}/${jti}/jwt`);
    })
    .get('/:jti/jwt', (req, res) => {
      const owner = ownerOf(req);
      const credential = credentialOf(req, owner);
      const jwt = sessions.of(req).madeJti === credential.jti ? control.jwtOf(credential.jti) : null;
      const page = createdPage(world, owner, credential, jwt);
      res.render('console/credential-created', { frame: frame(world, sessions.of(req), page.heading), page });
    })
    .get('/:jti', (req, res) => {
      const credential = credentialOf(req, ownerOf(req));
      showForm(req, res, formOf(credential), [], credential);
    })
    .post('/:jti', (req, res) => {
      const owner = ownerOf(req);
      const credential = credentialOf(req, owner);
      const form = { ...readCredentialForm(req.body), label: credential.label };
      if (editedApps(req, res, form, credential)) return;
      const errors = checkForm(form, core.now());
      if (errors.length > 0) {
        showForm(req, res, form, errors, credential);
        return;
      }
      world.setPermitted(credential.jti, permittedOf(form));
      sessions.of(req).notice = `“${credential.label}” was saved. The JWT itself has not changed.`;
      res.redirect(303, owner.base);
    })
    .post('/:jti/delete', (req, res) => {
      const owner = ownerOf(req);
      const credential = credentialOf(req, owner);
      control.revokeJwt(credential.jti);
      sessions.of(req).notice = `“${credential.label}” was deleted.`;
      res.redirect(303, owner.base);
    });
}
