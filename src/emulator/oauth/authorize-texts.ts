/** The sign-in and consent page in the languages that a request can ask for. */
export const authorizeTexts = {
  en: {
    heading: (app: string) => `Let ${app} in?`,
    asks: (app: string, provider: string, brand: string) =>
      `${app} by ${provider} asks to act for you at ${brand}. The emulator asks for no password.`,
    user: 'User',
    authorize: 'Authorize',
    deny: 'Deny',
  },
  es: {
    heading: (app: string) => `¿Dar acceso a ${app}?`,
    asks: (app: string, provider: string, brand: string) =>
      `${app}, de ${provider}, pide actuar en su nombre en ${brand}. El emulador no pide contraseña.`,
    user: 'Usuario',
    authorize: 'Autorizar',
    deny: 'Rechazar',
  },
};
