import type { Request, RequestHandler, Response } from 'express';
import { isLanguage, languageNames, languages, type Language } from '../../texts/languages.js';
import type { TextsIn } from '../../texts/texts.js';

/** A form that asks for this very page in another language. */
export type LanguageSwitch = { action: string; next: string; others: { language: Language; name: string }[] };

const YEAR_MS = 365 * 24 * 3_600_000;
export const LANGUAGE_PATH = '/language';

/** Which language a page has, as far as the browser says it, and how a browser remembers what was chosen. */
export function pageLanguage(https: boolean, textsIn: TextsIn) {
  const name = https ? '__Host-language' : 'language';

  /** What was chosen in this browser before. */
  function chosenIn(req: Request): Language | undefined {
    for (const pair of (req.headers.cookie ?? '').split(';', 50)) {
      const [key, value] = pair.trim().split('=', 2);
      if (key === name && isLanguage(value)) return value;
    }
    return undefined;
  }

  function show(req: Request, res: Response, language: Language, chosen: boolean): void {
    res.locals.t = textsIn(language);
    res.locals.languageChosen = chosen;
    if (req.method !== 'GET' && req.method !== 'HEAD') return; // what a POST answers cannot be asked for again
    const others = languages.filter((it) => it !== language);
    res.locals.languageSwitch = {
      action: LANGUAGE_PATH,
      next: req.originalUrl,
      others: others.map((it) => ({ language: it, name: languageNames[it] })),
    };
  }

  return {
    chosenIn,
    show,

    /** The first middleware: what goes wrong before anything is known of the person is said in this language too. */
    ofBrowser: ((req, res, next) => {
      const chosen = chosenIn(req);
      const asked = req.acceptsLanguages(...languages);
      show(req, res, chosen ?? (isLanguage(asked) ? asked : languages[0]), chosen !== undefined);
      next();
    }) satisfies RequestHandler,

    /** Behind the guard that knows the tenant. */
    ofTenant: ((req, res, next) => {
      const { tenant, languageChosen } = res.locals;
      if (tenant && !languageChosen) show(req, res, tenant.language, false);
      next();
    }) satisfies RequestHandler,

    remember(res: Response, language: Language): void {
      res.cookie(name, language, { path: '/', httpOnly: true, sameSite: 'lax', secure: https, maxAge: YEAR_MS });
    },
  };
}

export type PageLanguage = ReturnType<typeof pageLanguage>;
