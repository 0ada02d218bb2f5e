import type { Request, RequestHandler, Response, Router } from 'express';
import { isLanguage, languageNames, languages, type Language } from '../../texts/languages.js';
import type { TextsIn } from '../../texts/texts.js';
import { readCookie } from './cookies.js';

/** A form that reloads this page in another language. */
export type LanguageSwitch = {
  action: string;
  next: string;
  others: { language: Language; name: string }[];
  /** The page answers a form. */
  ofForm: boolean;
};

/** What Express keeps of a route; its types leave it out. */
type Layer = { route?: { methods: Record<string, boolean> }; match: (path: string) => boolean };

const YEAR_MS = 365 * 24 * 3_600_000;
export const LANGUAGE_PATH = '/language';

/** Chooses the language of a page from the browser's request and stores a choice in the browser. */
export function pageLanguage(https: boolean, textsIn: TextsIn) {
  const name = https ? '__Host-language' : 'language';

  /** The language that was chosen in this browser before. */
  const chosenIn = (req: Request): Language | undefined => readCookie(req, name, isLanguage);

  function show(req: Request, res: Response, language: Language, chosen: boolean): void {
    res.locals.t = textsIn(language);
    res.locals.languageChosen = chosen;
    if (req.method === 'GET' || req.method === 'HEAD') offerSwitch(req, res);
  }

  function offerSwitch(req: Request, res: Response): void {
    const others = languages.filter((it) => it !== res.locals.t.common.lang);
    res.locals.languageSwitch = {
      action: LANGUAGE_PATH,
      next: req.originalUrl,
      ofForm: req.method === 'POST',
      others: others.map((it) => ({ language: it, name: languageNames[it] })),
    };
  }

  return {
    show,

    /** The first middleware, so that errors before the person is known are in this language too. */
    ofBrowser: ((req, res, next) => {
      const chosen = chosenIn(req);
      const asked = req.acceptsLanguages(...languages);
      show(req, res, chosen ?? (isLanguage(asked) ? asked : languages[0]), chosen !== undefined);
      next();
    }) satisfies RequestHandler,

    /** Runs after the guard that determines the tenant. */
    ofTenant: ((req, res, next) => {
      const { tenant, languageChosen } = res.locals;
      if (tenant && !languageChosen) show(req, res, tenant.language, false);
      next();
    }) satisfies RequestHandler,

    /**
     * Offers the other languages on a form that was refused: the switch loads the page at the form's address, so there
     * must be one.
     */
    ofRefusedForm: (router: Router): RequestHandler => {
      const layers = router.stack as unknown as Layer[];
      return (req, res, next) => {
        if (req.method === 'POST' && layers.some((it) => it.route?.methods['get'] && it.match(req.path)))
          offerSwitch(req, res);
        next();
      };
    },

    remember(res: Response, language: Language): void {
      res.cookie(name, language, { path: '/', httpOnly: true, sameSite: 'lax', secure: https, maxAge: YEAR_MS });
    },
  };
}

export type PageLanguage = ReturnType<typeof pageLanguage>;
