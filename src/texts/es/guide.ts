import type { guide as english } from '../en/guide.js';

/**
 * As far as we know, RingCentral's console is English only, so its labels stay English, with their meaning beside
 * them.
 */
export const guide: typeof english = {
  step: (number, of) => `Paso ${number} de ${of}`,
  backToStart: 'Lo que necesita',

  progress: {
    make_again: {
      text: 'Su último JWT ya no se puede usar. Cree uno nuevo y péguelo.',
      link: 'Ver lo que dijo RingCentral',
    },
    wait: {
      text: 'Tenemos su JWT, y RingCentral todavía no lo ha aceptado. Ahora no hay nada que hacer.',
      link: 'Ver cómo va',
    },
    fix: {
      text: 'Hemos guardado su JWT. Hay que cambiar algo para que funcione.',
      link: 'Ver qué hay que cambiar',
    },
    connected: {
      text: 'Ya ha conectado RingCentral. Siga estos pasos solo para reemplazar el JWT.',
      link: 'Ver la conexión',
    },
    reconnect: { text: 'Usted desconectó RingCentral. Siga estos pasos para conectarlo de nuevo.', link: '' },
  },

  withoutConsole: {
    link: 'No puedo abrir la consola para desarrolladores',
    text: 'Entonces inicie sesión en RingCentral. No hace falta la consola, pero la conexión depende de quien inicia sesión.',
  },

  start: {
    title: (isv) => `Conecte RingCentral con ${isv}`,
    clientId: (isv) => ({
      term: 'El client ID es nuestro.',
      text: `Identifica la aplicación de ${isv}. Es público: usted lo copia.`,
    }),
    jwt: {
      term: 'El JWT es suyo.',
      text: 'Es una llave de su cuenta de RingCentral. Solo usted puede crearlo.',
    },
    password: {
      term: 'Su contraseña se queda con usted.',
      text: 'La escribe en RingCentral. Nosotros nunca la vemos.',
    },
    time: 'Lleva unos 5 minutos y se hace una sola vez.',
    needsHeading: 'Lo que necesita',
    needsPermission:
      'Un rol de RingCentral con el permiso Developer Portal Access (acceso al portal de desarrolladores). Un super admin suele tenerlo.',
    needsLogin: (host) =>
      `Haber iniciado sesión una vez en ${host}. Es la consola donde se crea el JWT. Allí sirve su cuenta de RingCentral.`,
    ownerHeading: 'Qué usuario lo crea',
    ownerActs:
      'El JWT actúa como el usuario de RingCentral que lo crea. Podemos leer los faxes que ese usuario puede leer.',
    ownerService:
      'Lo mejor es un usuario de servicio: un usuario de RingCentral solo para esta conexión. Dele acceso a la extensión de fax, como super admin o con un rol propio.',
    ownerLeaves:
      'También sirve su propio usuario. Pero cuando una persona se va y se desactiva, su JWT deja de servir.',
    other: {
      heading: 'Aquí lo hace otra persona',
      text: 'Cree un enlace para esa persona. Abre estos pasos y el cuadro para el JWT, y nada más.',
      button: 'Crear un enlace para otra persona',
      made: 'Ver los enlaces creados',
    },
    next: 'Siguiente: crear el JWT',
  },

  jwt: {
    title: 'Cree el JWT en RingCentral',
    intro:
      'Este botón abre el formulario en la consola de RingCentral, con nuestra aplicación ya puesta. Deje esta página abierta y vuelva con el JWT.',
    open: 'Abrir el formulario en RingCentral',
    goesTo: (host) => `Esto le lleva a ${host}.`,
    clientId: (app) => `Client ID de ${app}`,
    suggestedLabel: 'Etiqueta sugerida',
    label: (isv, app) => `${isv}: ${app}`,
    stepsHeading: 'Paso a paso',
    steps: {
      openForm: (host) => ({
        title: 'Abra el formulario',
        text: `El enlace de arriba lo hace. A mano: inicie sesión en ${host}. Señale su nombre arriba a la derecha, elija Credentials (credenciales) y después Create JWT.`,
        alt: 'Señale su nombre, elija Credentials y después Create JWT.',
      }),
      label: {
        title: 'Escriba un Label (etiqueta)',
        text: 'Más adelante le recordará para qué es este JWT.',
        alt: '',
      },
      specificApps: {
        title: 'Elija Only specific apps of my choice (solo las aplicaciones que yo elija)',
        text: 'Así este JWT funciona con nuestra aplicación y con ninguna otra. Con la otra opción se rechaza nuestra aplicación.',
        alt: 'Debajo de la pregunta sobre qué aplicaciones se permiten, elija la segunda respuesta.',
      },
      addApp: {
        title: 'Pegue el client ID y elija Add app (agregar aplicación)',
        text: 'El enlace de arriba ya lo ha hecho por usted. A mano, el campo se llama Enter client ID.',
        alt: 'Pegue en Enter client ID y después elija Add app, al lado.',
      },
      checkName: (app) => ({
        title: `Compruebe que la tabla muestra ${app}`,
        text: 'Si aparece otro nombre, quite esa fila y pegue otra vez el client ID.',
        alt: `Mire la columna App name: muestra ${app}.`,
      }),
      expiry: {
        title: 'Deje vacío Expiration date (UTC), la fecha de caducidad',
        text: 'Con una fecha, su conexión se detiene ese día. Si sus reglas piden una, ponga la más lejana permitida: le avisamos 30 días antes.',
        alt: '',
      },
      create: {
        title: 'Elija Create JWT (crear JWT) y copie el JWT en ese momento',
        text: 'Puede que RingCentral no lo muestre otra vez. Es un texto largo que empieza por eyJ. No lo ponga en correos ni en chats.',
        alt: 'Elija el botón de copiar, junto al JWT.',
      },
    },
    checked: (date) => `La última revisión de estos pasos fue el ${date}.`,
    prints: 'Caben en una página impresa, con una imagen para escanear en lugar del enlace.',
    paper: {
      pictureAlt: 'Escanee esta imagen para abrir el formulario en RingCentral.',
      permissionsHeading: 'Permisos que hay que pedir',
      permissions: [
        'Developer Portal Access: permite abrir la consola y crear el JWT.',
        'Third Party Apps Access: permite que nuestra aplicación use el JWT. Lo necesita el rol del usuario que lo crea.',
        'Acceso a los faxes: el usuario lee los mensajes de la extensión de fax. Un super admin puede.',
      ],
      then: (isv) => `Después pegue el JWT en el portal de ${isv}, y en ningún otro sitio.`,
    },
    serviceHeading: 'El JWT es para un usuario de servicio',
    service: {
      signsIn: (host) => `El usuario de servicio inicia sesión una vez en ${host}.`,
      opens:
        'Un Developer Admin abre allí Organization (organización), el usuario de servicio, Credentials y después Create JWT.',
      goesOn: 'Desde ahí los pasos son los mismos de arriba, a partir del segundo.',
    },
    differentHeading: 'Mi pantalla es distinta',
    different: {
      checked:
        'Comparamos estos pasos con la documentación publicada por RingCentral. Desde entonces RingCentral puede haber cambiado sus páginas.',
      look: 'Busque las palabras Credentials y Create JWT.',
      noAccess:
        'Si la consola no le da acceso, a su rol le falta Developer Portal Access. Pídalo a su administrador de RingCentral.',
      help: (isv) => `Si no puede seguir, escriba a ${isv}. La dirección está al pie de esta página.`,
    },
    next: 'Tengo el JWT: pegarlo',
  },
};
