import type { bySignIn as english } from '../../en/connections/by-sign-in.js';

const again = 'Inicie sesión en RingCentral otra vez, mejor como usuario de servicio.';
const checkAgain = 'Vuelva aquí y elija Comprobar otra vez.';

export const bySignIn: typeof english = {
  connections: {
    pasteNew: 'Iniciar sesión en RingCentral otra vez',
    howToMake: 'Conectar con un JWT',
    headings: {
      refused: 'El inicio de sesión en RingCentral no conectó su clínica',
      checking: 'Se está comprobando su inicio de sesión',
      othersFix: 'Guardamos su inicio de sesión hasta que esto se arregle',
      retry: 'Su inicio de sesión no se pudo comprobar todavía',
    },
    leads: {
      retry: (time) => [
        `Hemos guardado su inicio de sesión. Volveremos a comprobarlo: ${time}.`,
        'No tiene que hacer nada.',
      ],
    },
    noAnswer: { ours: (isv) => `RingCentral rechazó la aplicación de ${isv}, no su inicio de sesión` },
    refusedAt: (time) => `El inicio de sesión no se pudo usar, y aquí no se guarda nada de él. Se recibió: ${time}.`,
    suspect: (at, next) =>
      next === null
        ? `RingCentral rechazó el inicio de sesión una vez: ${at}. Preguntamos otra vez antes de creerlo.`
        : `RingCentral rechazó el inicio de sesión una vez: ${at}. Preguntaremos otra vez: ${next}.`,
    suspectAccount: (at, next) =>
      next === null
        ? `RingCentral indicó otro usuario u otra cuenta (${at}). Preguntaremos otra vez antes de creerlo.`
        : `RingCentral indicó otro usuario u otra cuenta (${at}). Volveremos a preguntar: ${next}.`,
    ownerChange: {
      seen: (at) => `RingCentral muestra distinto al usuario que inició sesión desde nuestra comprobación: ${at}.`,
      may: {
        status: 'Es posible que RingCentral rechace pronto el inicio de sesión de un usuario que no está activado.',
        type: 'Algunos tipos de usuario no pueden iniciar sesión. Es posible que RingCentral lo rechace pronto.',
      },
      meant: {
        status: 'Si es lo que se quería, inicie sesión aquí con otro usuario antes de que este deje de funcionar.',
      },
    },
    fix: {
      kept: (date) =>
        `Guardamos su inicio de sesión hasta el ${date}. Si hasta entonces se puede usar, no hace falta iniciar sesión otra vez.`,
    },
    replacement: {
      heading: 'El nuevo inicio de sesión',
      stillServes: 'Lo que tenía antes sigue funcionando y se usa hasta que se compruebe el nuevo inicio de sesión.',
      stillFails: 'Lo que tenía antes se conserva hasta que se compruebe el nuevo inicio de sesión.',
      checking: 'Se está comprobando el nuevo inicio de sesión. Esta página muestra la respuesta sola.',
      turn: (isv, time) =>
        `RingCentral permite a ${isv} preguntar solo unas pocas veces por minuto. Turno del nuevo inicio de sesión: ${time}.`,
      retry: (time) => `Hemos guardado el nuevo inicio de sesión. Volveremos a comprobarlo: ${time}.`,
      refused: 'El nuevo inicio de sesión no se pudo usar',
    },
    lines: {
      why: {
        extension_not_visible: 'El usuario que inició sesión no tiene acceso a esta línea.',
        permission_missing: 'Al usuario que inició sesión le falta un permiso.',
      },
    },
    abilities: {
      jobs: 'Para cada tarea recibe un token de acceso que caduca al cabo de una hora. Nunca recibe la clave con la que renovamos su inicio de sesión.',
      cannot: [
        'RingCentral nos dio una clave cuando usted inició sesión. Nadie puede verla aquí, ni siquiera usted. Para cambiarla, inicie sesión otra vez.',
        'Nunca vemos su contraseña de RingCentral.',
      ],
    },
    next: {
      expires: 'Fin del inicio de sesión',
      never: 'Sin fin, mientras lo renovemos cada día',
    },
    causes: {
      third_party_access_missing: {
        title: () => 'El usuario que inició sesión no puede usar aplicaciones de otras empresas',
        steps: () => [
          'Pida a un administrador de RingCentral de su clínica que abra el rol de ese usuario.',
          'Marque Third Party Apps Access y guarde el rol.',
          checkAgain,
        ],
      },
      owner_inactive: {
        title: () => 'El usuario que inició sesión está desactivado en RingCentral',
        what: () => [
          'Actuamos como el usuario que inició sesión. RingCentral dice que ese usuario no puede iniciar sesión.',
        ],
        steps: () => [
          'Pida a un administrador de RingCentral que active al usuario. Después elija Comprobar otra vez.',
          'Si el usuario se ha ido: inicie sesión en RingCentral otra vez con un usuario activo.',
        ],
      },
      wrong_user_type: {
        title: () => 'La extensión que inició sesión no se puede usar',
        steps: () => [again],
      },
      owner_locked: { title: () => 'RingCentral ha bloqueado por un tiempo al usuario que inició sesión' },
      permission_missing: {
        title: () => 'Al usuario que inició sesión le falta un permiso en RingCentral',
        what: () => ['El inicio de sesión está bien, pero solo puede hacer lo que puede hacer su usuario.'],
        steps: () => [
          'Pida a un administrador de RingCentral de su clínica que agregue el permiso al rol de ese usuario.',
          checkAgain,
        ],
      },
      extension_not_visible: {
        title: () => 'El usuario que inició sesión no puede leer los faxes de una línea marcada',
      },
      scope_missing: {
        title: ({ isv }) => `A la aplicación de ${isv} le falta un permiso en RingCentral`,
        what: ({ isv }) => [`${isv} tiene que agregarlo a su aplicación. Su inicio de sesión está bien.`],
      },
      app_misconfigured: {
        title: ({ isv }) => `La aplicación de ${isv} no está bien configurada en RingCentral`,
        what: ({ isv }) => [
          `${isv} tiene que corregir sus ajustes en RingCentral. No tiene nada que ver con su inicio de sesión.`,
          'Cuando esté corregido, inicie sesión en RingCentral otra vez si su clínica aún no está conectada.',
        ],
      },
      account_mismatch: {
        title: () => 'Este inicio de sesión es de otro usuario o de otra cuenta de RingCentral que antes',
        what: ({ isv }) => [`Para proteger sus faxes, ${isv} lo revisa antes de usarlo.`],
        steps: ({ isv }) => [
          { text: `Si el cambio es lo que se quería, dígaselo a ${isv}.`, with: 'support' },
          'Si es un error, inicie sesión en RingCentral otra vez con el usuario de antes.',
        ],
      },
      account_shared: {
        what: () => ['El inicio de sesión está bien. Esto se pregunta una vez, antes de usar aquí una cuenta.'],
      },
      no_fax_line: { what: () => ['El inicio de sesión funciona, pero nadie ha dicho qué faxes hay que leer.'] },
      unclassified: { title: () => 'RingCentral rechazó el inicio de sesión por una razón que no conocemos' },
      expires_soon: {
        title: ({ expires }) =>
          expires === null ? 'El inicio de sesión termina pronto' : `El inicio de sesión termina el ${expires}`,
        short: 'El inicio de sesión termina pronto',
        what: () => [
          'Su cuenta de RingCentral cierra cada sesión al cabo de un tiempo. Después de ese día no se lee ningún fax hasta que alguien inicie sesión otra vez.',
        ],
        steps: () => [
          'Inicie sesión en RingCentral otra vez. Lo que tiene ahora funciona hasta que se compruebe el nuevo.',
        ],
      },
    },
  },
  guide: {
    progress: {
      make_again: {
        text: 'Su último inicio de sesión en RingCentral ya no se puede usar. Cree un JWT o inicie sesión otra vez.',
      },
      wait: {
        text: 'Usted inició sesión en RingCentral, y todavía no estamos conectados. Ahora no hay nada que hacer.',
      },
      fix: { text: 'Hemos guardado su inicio de sesión en RingCentral. Hay que cambiar algo para que funcione.' },
      connected: {
        text: 'Ya ha conectado RingCentral con un inicio de sesión. Siga estos pasos solo para usar un JWT.',
      },
    },
  },
  renewal: {
    ends: (since, on) =>
      `No hemos podido renovar su inicio de sesión desde el ${since}. RingCentral lo termina el ${on}, si no podemos renovarlo antes.`,
    ended: (since, on) =>
      `No hemos podido renovar su inicio de sesión desde el ${since}. Según lo que nos dijo RingCentral, terminó el ${on}.`,
    signIn:
      'Hasta que se renueve no se lee ningún fax. Inicie sesión otra vez, y el nuevo inicio de sesión lo sustituye.',
    wait: 'Hasta que se renueve no se lee ningún fax. Si termina, le escribimos y le pedimos que inicie sesión otra vez.',
  },
  activity: { link: 'Ver cada uso de su inicio de sesión y cada cambio' },
  mails: {
    ends: {
      subject: ({ isv, tenant }) => `${isv}: inicie sesión en RingCentral otra vez para ${tenant}`,
      paragraphs: ({ isv, tenant, since, on }) => [
        `${isv} lee los faxes de ${tenant} con un inicio de sesión en RingCentral. No hemos podido renovarlo desde el ${since}, y no se lee ningún fax hasta que se renueve.`,
        `RingCentral lo termina el ${on}, si no podemos renovarlo antes. Puede iniciar sesión otra vez ahora.`,
      ],
      button: 'Iniciar sesión otra vez',
      once: 'Escribimos una vez sobre esto, y otra vez solo si el inicio de sesión ha terminado.',
    },
    ownerChanged: {
      about: ({ isv, tenant }) =>
        `${isv} lee los faxes de ${tenant} como un usuario de RingCentral que inició sesión para ello.`,
    },
    expires: {
      subject: ({ isv, tenant, on }) => `${isv}: el inicio de sesión de ${tenant} termina el ${on}`,
      paragraphs: ({ isv, tenant, on }) => [
        `${isv} lee los faxes de ${tenant} con un inicio de sesión que termina el ${on}. Su cuenta de RingCentral lo limita.`,
        'Inicie sesión en RingCentral otra vez antes de ese día. Hasta entonces todo sigue funcionando.',
      ],
      button: 'Iniciar sesión otra vez',
      next: ({ on }) => `Se lo recordaremos otra vez el ${on}, si nadie ha iniciado sesión de nuevo.`,
    },
  },
};
