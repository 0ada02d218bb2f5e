import type { securityMails as english } from '../../en/mails/security.js';

export const securityMails: typeof english = {
  notices: {
    newDevice: {
      subject: ({ isv }) => `${isv}: inicio de sesión desde un navegador nuevo`,
      what: ({ isv, at }) => `El ${at}, alguien inició sesión en su cuenta de ${isv} desde un navegador nuevo.`,
    },
    passwordReset: {
      subject: ({ isv }) => `${isv}: su contraseña cambió`,
      what: ({ isv, at }) =>
        `El ${at}, se eligió una contraseña nueva para su cuenta de ${isv} con un enlace de un correo. Se cerraron todas sus sesiones.`,
    },
    passwordChanged: {
      subject: ({ isv }) => `${isv}: su contraseña cambió`,
      what: ({ isv, at }) =>
        `El ${at}, la contraseña de su cuenta de ${isv} cambió. Se cerraron las sesiones de los demás navegadores.`,
    },
    addressChangeAsked: {
      subject: ({ isv }) => `${isv}: se pidió otra dirección`,
      what: ({ isv, at }) =>
        `El ${at}, se pidió otro correo electrónico para su cuenta de ${isv}. El cambio se aplica cuando se confirme.`,
    },
    addressChanged: {
      subject: ({ isv }) => `${isv}: su dirección cambió`,
      what: ({ isv, at }) =>
        `El ${at}, el correo electrónico de su cuenta de ${isv} cambió. Desde ahora se inicia sesión con el nuevo.`,
    },
    secondFactorEnrolled: {
      subject: ({ isv }) => `${isv}: se agregó una aplicación de autenticación`,
      what: ({ isv, at }) =>
        `El ${at}, se agregó una aplicación de autenticación a su cuenta de ${isv}. Desde ahora se necesita su código para iniciar sesión.`,
    },
    secondFactorReplaced: {
      subject: ({ isv }) => `${isv}: aplicación de autenticación cambiada`,
      what: ({ isv, at }) =>
        `El ${at}, se configuró otra aplicación de autenticación para su cuenta de ${isv}. La anterior ya no funciona.`,
    },
    secondFactorRemoved: {
      subject: ({ isv }) => `${isv}: se quitó la aplicación de autenticación`,
      what: ({ isv, at }) =>
        `El ${at}, se quitó la aplicación de autenticación de su cuenta de ${isv}. Para iniciar sesión basta la contraseña.`,
    },
    secondFactorReset: {
      subject: ({ isv }) => `${isv}: nuestro personal quitó la aplicación de autenticación`,
      what: ({ isv, at }) =>
        `El ${at}, nuestro personal quitó la aplicación de autenticación de su cuenta de ${isv}. Inicie sesión pronto y configure otra.`,
    },
    staffDisabled: {
      subject: ({ isv }) => `${isv}: su cuenta de personal se desactivó`,
      what: ({ isv, at }) =>
        `El ${at}, un administrador desactivó su cuenta de personal en ${isv}. Se cerraron todas sus sesiones.`,
    },
    staffEnabled: {
      subject: ({ isv }) => `${isv}: su cuenta de personal se activó`,
      what: ({ isv, at }) =>
        `El ${at}, un administrador volvió a activar su cuenta de personal en ${isv}. Puede iniciar sesión como antes.`,
    },
    staffRoleChanged: {
      subject: ({ isv }) => `${isv}: su rol cambió`,
      what: ({ isv, at }) =>
        `El ${at}, un administrador cambió el rol de su cuenta de personal en ${isv}. Inicie sesión otra vez para usarlo.`,
    },
    companyAccountLinked: {
      subject: ({ isv }) => `${isv}: ahora inicia sesión con la cuenta de su empresa`,
      what: ({ isv, at }) =>
        `El ${at}, su cuenta de ${isv} se vinculó con la cuenta de su empresa. Su contraseña ya no funciona.`,
    },
    companyAccountRemoved: {
      subject: ({ isv }) => `${isv}: se quitó la cuenta de su empresa`,
      what: ({ isv, at }) =>
        `El ${at}, un administrador quitó la cuenta de empresa de su cuenta de ${isv}. Recibirá un enlace para configurarla otra vez.`,
    },
    recoveryCodeUsed: {
      subject: ({ isv }) => `${isv}: código de recuperación usado`,
      what: ({ isv, at }) =>
        `El ${at}, se usó un código de recuperación de su cuenta de ${isv}. Ese código ya no sirve.`,
    },
    recoveryCodesMade: {
      subject: ({ isv }) => `${isv}: códigos de recuperación nuevos`,
      what: ({ isv, at }) =>
        `El ${at}, se crearon códigos de recuperación nuevos para su cuenta de ${isv}. Los anteriores ya no sirven.`,
    },
  },
  ifYou: 'Si fue usted, no tiene que hacer nada.',
  ifNotYou: ({ support }) => `Si no fue usted, avísenos de inmediato: ${support}.`,
};
