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
      text: 'Tenemos su JWT, y RingCentral todavía no lo ha aceptado. Por ahora usted no tiene que hacer nada.',
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
    link: 'No puedo abrir la consola de desarrolladores',
    text: 'En ese caso, inicie sesión en RingCentral. No necesita la consola, pero la conexión depende de la persona que inicia sesión.',
  },

  permissions: {
    heading: 'Permisos que hay que pedir',
    intro: 'El usuario de RingCentral que crea el JWT necesita tres permisos. Un super admin suele tenerlos.',
    list: [
      { name: 'Developer Portal Access', what: 'permite abrir la consola y crear el JWT.' },
      { name: 'Third Party Apps Access', what: 'permite que nuestra aplicación use el JWT.' },
      { name: 'Acceso a los faxes', what: 'permite leer los mensajes de la extensión de fax.' },
    ],
  },

  start: {
    title: (isv) => `Conecte RingCentral con ${isv}`,
    clientId: (isv) => ({
      term: 'El client ID es nuestro.',
      text: `Identifica la aplicación de ${isv}. Es público, y el formulario ya lo trae.`,
    }),
    jwt: {
      term: 'El JWT es suyo.',
      text: 'Es una llave de su cuenta de RingCentral. Solo usted puede crearlo.',
    },
    password: {
      term: 'Su contraseña se queda con usted.',
      text: 'La escribe en RingCentral. Nosotros nunca la vemos.',
    },
    time: 'Toma unos 5 minutos y se hace una sola vez.',
    needsHeading: 'Lo que necesita',
    needsLogin: (host) =>
      `También necesita haber iniciado sesión una vez en ${host}. Es la consola donde se crea el JWT, y allí sirve su cuenta de RingCentral.`,
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
    intro: 'Deje esta página abierta. Siga estos pasos en la pestaña que se abre y vuelva con el JWT.',
    open: 'Abrir el formulario en RingCentral',
    goesTo: (host) => `El botón abre ${host}.`,
    clientId: (app) => `Client ID de ${app}`,
    suggestedLabel: 'Etiqueta sugerida',
    label: (isv, app) => `${isv}: ${app}`,
    steps: {
      openForm: {
        title: 'Abra el formulario',
        text: 'Se abre en otra pestaña, con nuestra aplicación ya agregada. Si RingCentral lo pide, inicie sesión con el usuario que crea el JWT.',
      },
      label: {
        title: 'Pegue este texto como Label (etiqueta)',
        text: 'Más adelante le recordará para qué es este JWT.',
        alt: (label) => `Pegue en el campo Label: ${label}.`,
      },
      checkName: (app) => ({
        title: `Compruebe que la tabla muestra ${app}`,
        text: 'El formulario ya tiene elegida la opción Only specific apps of my choice (solo las aplicaciones que yo elija). Si muestra otro nombre o ninguno, cree el JWT a mano, como se explica más abajo.',
        alt: `Mire la columna App name: muestra ${app}.`,
      }),
      expiry: {
        title: 'Deje vacío Expiration date (UTC), la fecha de caducidad',
        text: 'Con una fecha, su conexión deja de funcionar ese día. Si sus reglas exigen una, elija la más lejana permitida. Le avisamos 30 días antes.',
        alt: 'Deje vacío el campo Expiration date (UTC).',
      },
      create: {
        title: 'Elija Create JWT (crear JWT) y copie el JWT en ese momento',
        text: 'Es posible que RingCentral no lo muestre otra vez. Es un texto largo que empieza con eyJ. No lo envíe por correo ni por chat.',
        alt: 'Elija Create JWT y después el botón de copiar, junto al JWT.',
      },
    },
    byHand: {
      heading: 'Crear el JWT a mano',
      when: 'Hágalo así si el botón no abre el formulario o si nuestra aplicación no aparece en él.',
      steps: (host) => ({
        menu: {
          text: `Inicie sesión en ${host}. Señale su nombre arriba a la derecha, elija Credentials (credenciales) y después Create JWT.`,
          alt: 'Señale su nombre, elija Credentials y después Create JWT.',
        },
        apps: {
          text: 'Elija Only specific apps of my choice. Con la otra opción, RingCentral rechaza nuestra aplicación.',
          alt: 'Debajo de la pregunta sobre qué aplicaciones se permiten, elija la segunda respuesta.',
        },
        add: {
          text: 'Pegue este client ID en Enter client ID y elija Add app (agregar aplicación).',
          alt: 'Pegue en Enter client ID y después elija Add app, al lado.',
        },
        goOn: { text: 'Continúe con el paso 2 de arriba.' },
      }),
    },
    print: 'Imprimir estos pasos',
    prints: 'Los pasos caben en una página impresa, con un código para escanear en lugar del botón.',
    paper: {
      pictureAlt: 'Escanee este código para abrir el formulario en RingCentral.',
      then: (isv) => `Después pegue el JWT en el portal de ${isv}, y en ningún otro lugar.`,
    },
    permissionsHeading: 'RingCentral no me deja entrar',
    permissionsAsk: 'Pida a su administrador de RingCentral estos permisos para su rol.',
    serviceHeading: 'El JWT es para un usuario de servicio',
    service: {
      signsIn: (host) => `El usuario de servicio inicia sesión una vez en ${host}.`,
      opens:
        'Un Developer Admin abre allí Organization (organización), el usuario de servicio, Credentials y después Create JWT.',
      goesOn: 'Desde ahí, elija las aplicaciones a mano, como se explica arriba. Después continúe con el paso 2.',
    },
    differentHeading: 'Mi pantalla es distinta',
    different: {
      checked: (date) =>
        `La última vez que comparamos estos pasos con la documentación de RingCentral fue el ${date}. Es posible que RingCentral haya cambiado sus páginas desde entonces.`,
      look: 'Busque las palabras Credentials y Create JWT.',
      help: (isv) => `Si no puede seguir, escriba a ${isv}. La dirección está al pie de esta página.`,
    },
    next: 'Tengo el JWT: pegarlo',
  },
};
