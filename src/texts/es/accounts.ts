import type { accounts as english } from '../en/accounts.js';

export const accounts: typeof english = {
  password: {
    label: 'Contraseña',
    chooseLabel: 'Elija una contraseña',
    chooseHint: 'Al menos 15 caracteres. Sirven bien varias palabras separadas por espacios. Puede pegarla.',
  },
  passwordProblems: {
    missing: 'Escriba una contraseña.',
    too_short: 'Esta contraseña es demasiado corta. Use al menos 15 caracteres.',
    too_long: 'Esta contraseña es demasiado larga. Use como máximo 1,000 caracteres.',
    common:
      'Esta contraseña está en una lista de contraseñas comunes, o se compone de palabras de esa lista. Elija otra.',
    guessable: 'Esta contraseña contiene su nombre, su dirección o nuestro nombre. Elija otra.',
    pattern: 'Esta contraseña se repite o sigue un orden conocido, como abcd, 1234 o qwerty. Elija otra.',
  },
  waitMinutes: (minutes) =>
    minutes === 1
      ? 'Demasiados intentos. Inténtelo de nuevo dentro de 1 minuto.'
      : `Demasiados intentos. Inténtelo de nuevo dentro de ${minutes} minutos.`,
  waitHours: (hours) =>
    `Demasiados intentos desde navegadores nuevos. Inténtelo de nuevo dentro de ${hours} horas, o use un navegador que ya usó.`,

  addressProblems: {
    no_single_at: 'Escriba una dirección de correo con una sola @, por ejemplo nombre@clinic.example.',
    local_part:
      'La parte anterior a la @ tiene un carácter o un punto que no puede estar ahí. No se admiten acentos, espacios ni paréntesis.',
    quoted: 'Escriba una dirección sin comillas. No podemos enviar correo a una que las necesite.',
    domain: 'La parte posterior a la @ no es un dominio, por ejemplo clinic.example.',
    too_long: 'Esta dirección es demasiado larga: se admiten 64 caracteres antes de la @ y 254 en total.',
  },

  signIn: {
    title: 'Iniciar sesión',
    email: 'Correo electrónico',
    button: 'Iniciar sesión',
    missingEmail: 'Escriba su correo electrónico.',
    missingPassword: 'Escriba su contraseña.',
    wrong: 'El correo electrónico o la contraseña no son correctos. Revise los dos y inténtelo de nuevo.',
    forgotten: '¿Olvidó su contraseña?',
    noAccount: ({ isv }) => `¿Aún no tiene cuenta? Abra el enlace de la invitación que ${isv} le envió por correo.`,
    notices: {
      signed_out: 'Ha cerrado la sesión.',
      password_reset: 'Su contraseña nueva está guardada. Inicie sesión con ella.',
      link: 'Ese enlace ya no funciona. Si tiene cuenta, inicie sesión. Si no, pida otra invitación.',
    },
  },

  secondFactor: {
    title: 'Escriba el código de su aplicación de autenticación',
    code: 'Código',
    codeHint: '6 dígitos. Cada 30 segundos aparece uno nuevo.',
    button: 'Continuar',
    missing: 'Escriba los 6 dígitos que muestra su aplicación.',
    wrong: 'Este código no es el que esperábamos. Espere al siguiente y escríbalo.',
    lost: ({ isv }) => `¿No tiene la aplicación ni un código de recuperación? Pregunte a ${isv}.`,
    recovery: {
      summary: 'Usar un código de recuperación',
      why: 'Se le mostraron 10 códigos de recuperación al configurar la aplicación. Cada uno sirve una vez.',
      code: 'Código de recuperación',
      codeHint: '12 letras y números, como 0000-AAAA-0000.',
      button: 'Usar este código',
      missing: 'Escriba uno de sus códigos de recuperación.',
      wrong: 'Este no es uno de sus códigos de recuperación, o ya se usó. Escriba otro.',
    },
  },
  passwordAgain: {
    title: 'Escriba su contraseña otra vez',
    why: {
      account: 'Lo que va a hacer decide quién puede usar su cuenta.',
      clinic: 'Lo que va a hacer decide quién tiene acceso a su clínica.',
      disconnection: 'Lo que va a hacer termina la conexión con RingCentral, o la prueba de su fin.',
    },
    again: 'Por eso comprobamos una vez más que es usted.',
    button: 'Continuar',
  },
  enrolment: {
    title: 'Configure una aplicación de autenticación',
    why: 'Desde entonces, también se necesita un código de una aplicación de su teléfono para iniciar sesión.',
    scan: 'Abra la aplicación, elija agregar una cuenta y escanee esta imagen.',
    pictureAlt: 'Código QR con el secreto para su aplicación de autenticación. El mismo secreto está escrito abajo.',
    byHand: 'O escriba este secreto en la aplicación',
    thenCode: 'Después escriba el código que muestra la aplicación',
    button: 'Terminar',
    offerTitle: 'Aplicación de autenticación',
    offer:
      'Una aplicación de autenticación protege mejor su cuenta. Para iniciar sesión se necesitará también un código de su teléfono.',
    offerButton: 'Configurar una aplicación',
    inUse: 'Hay una aplicación de autenticación configurada. Para iniciar sesión se necesita su código.',
    state: {
      obligations: {
        staff: 'Todo el personal debe usar una.',
        tenant: 'Su organización exige una. Sus páginas se abren cuando usted la configure.',
      },
      codesOutdated:
        'Estamos cambiando la clave que protege los códigos de recuperación. Cree otros ahora: los suyos dejarán de servir cuando se retire la clave anterior.',
      noCodesLeft: 'No le queda ningún código de recuperación. Cree otros: si pierde el teléfono, no podrá entrar.',
      codes: 'Códigos de recuperación',
      codesLeft: (left, of) => `Quedan ${left} de ${of}`,
      newCodes: 'Crear otros',
      app: 'Aplicación',
      appInUse: 'Configurada',
      anotherApp: 'Cambiar',
      removal: 'Segundo factor',
      removalValue: 'Es opcional para usted',
      remove: 'Quitar',
    },
    start: {
      title: 'Tenga su teléfono a mano',
      need: 'Necesita una aplicación de autenticación en su teléfono. Sirve cualquiera que muestre códigos de 6 dígitos.',
      codes: 'Después mostramos 10 códigos de recuperación, por si pierde el teléfono. Imprímalos o anótelos.',
      another: 'La aplicación que tiene funciona hasta que termine. Luego se cierran sus demás sesiones.',
      button: 'Mostrar la imagen para escanear',
    },
    removal: {
      title: 'Quitar la aplicación de autenticación',
      what: [
        'Para iniciar sesión bastará su contraseña. Sus códigos de recuperación dejarán de funcionar.',
        'Se cerrarán sus demás sesiones.',
      ],
      button: 'Quitar la aplicación',
    },
  },
  recoveryCodes: {
    title: ({ isv }) => `Sus códigos de recuperación de ${isv}`,
    what: ['Cada código le permite entrar una vez si perdió su teléfono.', 'Imprima esta página o anote los códigos.'],
    once: 'Mostramos estos códigos solo ahora. Guárdelos donde nadie más los encuentre.',
    kept: 'Ya guardé los códigos',
    remake: {
      title: 'Crear códigos de recuperación nuevos',
      what: ['Recibirá 10 códigos nuevos. Todos los que tiene ahora dejarán de funcionar.'],
      button: 'Crear códigos nuevos',
    },
  },

  setup: {
    title: 'Elija su contraseña',
    forAddress: (email) => `Iniciará sesión como ${email}.`,
    button: 'Continuar',
  },

  passwordReset: {
    title: '¿Olvidó su contraseña?',
    lead: 'Le enviamos por correo un enlace para elegir otra. Sirve una sola vez, durante una hora.',
    button: 'Enviarme el enlace',
    missing: 'Escriba su correo electrónico.',
    deadLink: 'Ese enlace ya no funciona. Pida otro aquí.',
    sentTitle: 'Busque nuestro correo',
    sent: 'Si alguien inicia sesión aquí con esta dirección, le llegará un enlace. Puede tardar unos minutos.',
    sentNewest: 'Solo funciona el enlace más nuevo, una sola vez, durante una hora.',
    sentNone: '¿No le llega? Busque en el correo no deseado, o revise la dirección y pida otro.',
    chooseTitle: 'Elija una contraseña nueva',
    forAddress: (email) => `Para ${email}.`,
    everywhere: 'Al guardarla se cierran todas sus sesiones.',
    saveButton: 'Guardar la contraseña nueva',
  },

  invitation: {
    title: ({ isv }) => `Únase a ${isv}`,
    lead: ({ isv }) => `${isv} le invita a conectar la cuenta de RingCentral de su organización.`,
    forAddress: (email) => `Iniciará sesión como ${email}.`,
    role: (role, what) => `Su rol: ${role}. ${what}`,
    name: 'Su nombre',
    nameProblems: {
      missing: 'Escriba su nombre.',
      too_long: 'Este nombre es demasiado largo. Use como máximo 100 caracteres.',
    },
    newButton: 'Aceptar y continuar',
    existing: (email) => `Ya tiene una cuenta como ${email}. Escriba su contraseña para aceptar.`,
    signedIn: (email) => `Tiene la sesión iniciada como ${email}.`,
    wrongPassword: 'Esta contraseña no es correcta. Inténtelo de nuevo.',
    existingButton: 'Aceptar y continuar',
  },
  expiredInvitation: {
    title: 'Esta invitación ha caducado',
    text: 'Una invitación sirve durante 7 días. Podemos enviar un enlace nuevo a la misma dirección.',
    button: 'Enviarme un enlace nuevo',
  },
  renewedInvitation: {
    title: 'Busque la invitación en su correo',
    text: 'Si el enlace había caducado, ya va uno nuevo a la misma dirección. Puede tardar unos minutos.',
    limit: 'Enviamos como máximo 3 enlaces nuevos al día.',
  },

  reminders: {
    title: 'Detener los recordatorios',
    what: 'Recordamos las invitaciones que siguen abiertas: a los 2 días y a los 5.',
    effect: 'La dirección a la que llegó este enlace dejará de recibirlos. Las invitaciones siguen abiertas.',
    button: 'No enviarme recordatorios',
    stoppedTitle: 'No habrá más recordatorios',
    stopped: 'Si el enlace venía en un correo nuestro, su dirección ya no recibirá recordatorios.',
    stoppedNext: 'Una invitación abierta sigue funcionando.',
  },

  tenants: {
    title: 'Elija una organización',
    next: 'Organizaciones siguientes',
    noneTitle: 'Todavía no pertenece a ninguna organización',
    none: 'Tiene la sesión iniciada. Lo que puede hacer aquí depende de una organización.',
    noneNext: ({ isv }) => `Abra el enlace de su invitación, o pida una a ${isv}.`,
  },
};
