import type { AssetUrls } from '../assets/page-assets.js';
import type { Language } from '../../texts/languages.js';
import type { Texts } from '../../texts/texts.js';
import type { LanguageSwitch } from './page-language.js';
import type { Upload } from '../uploads/upload-head.js';

/** A signed-in person, as routes see them. `staffRole` is null for people of clinics. */
export type SignedInPerson = {
  id: string;
  name: string;
  email: string;
  staffRole: 'administrator' | 'operator' | 'auditor' | null;
};

/** What the page frame shows about the ISV. */
export type Brand = { name: string; supportEmail: string; appName: string };

declare global {
  namespace Express {
    /** Set by the middleware in `src/app`, in this order, before any route. */
    interface Locals {
      requestId: string;
      /** The mount that the request has reached, as a pattern such as `/tenants/:tenantId/people`. */
      mount?: string;
      /** Where a request that fails leads instead of to an error page, because its own address contains a secret. */
      failsAt?: string;
      /** The id of the API key. */
      keyId?: string;
      /** The tenant of an API call, which the key may see. */
      tenantId?: string;
      t: Texts;
      /** Whether the person or this browser chose the language of `t`; then a tenant's language does not apply. */
      languageChosen: boolean;
      /** The other languages of a page; undefined on a page that cannot be reloaded. */
      languageSwitch?: LanguageSwitch;
      brand: Brand;
      /** What the frame warns of on every page of staff. */
      warning?: string;
      assets: AssetUrls;
      nav?: { text: string; href: string; current: boolean }[];
      /** The file of a form that has one; it is still in the connection. */
      upload?: Upload;
      /** The CSRF token of this session, for the hidden field `_csrf`; created on first use. */
      csrfToken: () => string;
      person?: SignedInPerson;
      /** The tenant of a `member` route; the person's membership has been checked. */
      tenant?: {
        id: string;
        name: string;
        environment: 'production' | 'biz';
        timeZone: string;
        language: Language;
        /** Which ways to connect staff have chosen for it. */
        offeredMethods: 'both' | 'jwt' | 'authorization_code';
      };
    }
  }
}
