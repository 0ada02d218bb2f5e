import type { AssetUrls } from '../assets/page-assets.js';
import type { Language } from '../../texts/languages.js';
import type { Texts } from '../../texts/texts.js';
import type { LanguageSwitch } from './page-language.js';

/** A signed-in person, as every route sees them. `staffRole` is null for people of clinics. */
export type SignedInPerson = {
  id: string;
  name: string;
  email: string;
  staffRole: 'administrator' | 'operator' | 'auditor' | null;
};

/** What the page frame shows of the ISV. */
export type Brand = { name: string; supportEmail: string; appName: string };

declare global {
  namespace Express {
    /** Set by the middleware in `app.ts`, in this order, before any route. */
    interface Locals {
      requestId: string;
      t: Texts;
      /** The person or this browser asked for the language of `t`: then a tenant's own does not count. */
      languageChosen: boolean;
      /** The other languages of a page; not on one that cannot be come back to. */
      languageSwitch?: LanguageSwitch;
      brand: Brand;
      assets: AssetUrls;
      nav?: { text: string; href: string; current: boolean }[];
      /** The CSRF token of this session, for the hidden field `_csrf`; made on first use. */
      csrfToken: () => string;
      person?: SignedInPerson;
      /** The tenant of a `member` route: this person's membership is proved. */
      tenant?: { id: string; name: string; environment: 'production' | 'biz'; timeZone: string; language: Language };
    }
  }
}
