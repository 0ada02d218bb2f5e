import type { bySignIn as english } from '../../en/connections/by-sign-in.js';

const again = 'Inicie sesión en RingCentral otra vez. Lo mejor es un usuario de servicio.';
const checkAgain = 'Vuelva aquí y elija Comprobar otra vez.';

export const bySignIn: typeof english = {
  connections: {
    pasteNew: 'Iniciar sesión en RingCentral otra vez',
    howToMake: 'Conectar con un JWT',
    headings: {
      refused: 'El inicio de sesión en RingCentral no conectó su clínica',
      checking: 'Estamos comprobando su inicio de sesión',
      othersFix: 'Guardamos su inicio de sesión hasta que esto se arregle',
      retry: 'Su inicio de sesión no se pudo comprobar todavía',
    },
    confirm: {
      userHeading: (user) => `La conexión actúa como ${user}`,
      userText: [
        'RingCentral no nos dice si este usuario es una persona o un usuario de servicio.',
        'Si es una persona y se va, RingCentral desactiva el usuario y ya no podemos leer faxes. Un usuario de servicio sigue funcionando.',
        'Puede confirmar ahora e iniciar sesión como otro usuario más adelante.',
      ],
      noText:
        'Revocamos el inicio de sesión, destruimos su clave y no leemos nada. Después puede conectar la cuenta correcta.',
    },
    leads: {
      disowned: (isv, time) => [
        `Alguien dijo ${time} que la empresa de RingCentral no es su clínica. Revocamos el inicio de sesión y no leímos nada.`,
        `${isv} todavía no puede leer sus faxes. Inicie sesión en la cuenta de RingCentral de su clínica.`,
      ],
      confirm: (isv) => [
        `RingCentral aceptó el inicio de sesión. ${isv} no lee ningún fax hasta que usted confirme que es su empresa.`,
      ],
      retry: (time) => [
        `Guardamos su inicio de sesión y volveremos a comprobarlo ${time}.`,
        'No tiene que hacer nada.',
      ],
    },
    noAnswer: { ours: (isv) => `RingCentral rechazó la aplicación de ${isv}, no su inicio de sesión` },
    refusedAt: (time) => `No pudimos usar su inicio de sesión ${time}, y no guardamos nada de él.`,
    suspect: (at, next) =>
      next === null
        ? `RingCentral rechazó el inicio de sesión una vez ${at}. Volveremos a consultar para confirmarlo.`
        : `RingCentral rechazó el inicio de sesión una vez ${at}. Volveremos a consultar ${next}.`,
    suspectAccount: (at, next) =>
      next === null
        ? `RingCentral indicó otro usuario u otra cuenta ${at}. Volveremos a consultar para confirmarlo.`
        : `RingCentral indicó otro usuario u otra cuenta ${at}. Volveremos a consultar ${next}.`,
    ownerChange: {
      seen: (at) =>
        `RingCentral muestra otros datos del usuario que inició sesión desde nuestra comprobación del ${at}.`,
      may: {
        status: 'Es posible que RingCentral rechace pronto el inicio de sesión de un usuario que no está activado.',
        type: 'Algunos tipos de usuario no pueden iniciar sesión. Es posible que RingCentral lo rechace pronto.',
      },
      meant: {
        status: 'Si lo fue, inicie sesión aquí con otro usuario antes de que este deje de funcionar.',
      },
    },
    fix: {
      kept: (date) =>
        `Guardaremos su inicio de sesión hasta el ${date}. Si funciona antes, no es necesario iniciar sesión otra vez.`,
    },
    replacement: {
      heading: 'El nuevo inicio de sesión',
      stillServes: 'Su conexión actual todavía funciona. Sigue en uso hasta que confirmemos el nuevo inicio de sesión.',
      stillFails: 'La conexión anterior se conserva hasta que confirmemos el nuevo inicio de sesión.',
      checking: 'Estamos comprobando el nuevo inicio de sesión. Esta página se actualiza cuando llega la respuesta.',
      turn: (isv, time) =>
        `RingCentral permite a ${isv} consultar solo unas pocas veces por minuto. Comprobaremos el nuevo inicio de sesión ${time}.`,
      retry: (time) => `Guardamos el nuevo inicio de sesión y volveremos a comprobarlo ${time}.`,
      refused: 'No pudimos usar el nuevo inicio de sesión',
    },
    lines: {
      why: {
        extension_not_visible: 'El usuario que inició sesión no tiene acceso a esta línea.',
        permission_missing: 'Al usuario que inició sesión le falta un permiso.',
      },
    },
    abilities: {
      jobs: 'Para cada tarea recibe un token de acceso que caduca en una hora. Nunca recibe la clave con la que renovamos su inicio de sesión.',
      cannot: [
        'RingCentral nos dio una clave cuando usted inició sesión. Nadie puede verla aquí, ni siquiera usted. Para cambiarla, inicie sesión otra vez.',
        'Nunca vemos su contraseña de RingCentral.',
      ],
    },
    next: {
      expires: 'Fin del inicio de sesión',
      never: 'Nunca, mientras lo renovemos cada día',
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
          'Si el usuario ya no trabaja en la clínica, inicie sesión en RingCentral otra vez con un usuario activo.',
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
          `${isv} tiene que corregir su configuración en RingCentral. Esto no tiene nada que ver con su inicio de sesión.`,
          'Si después su clínica aún no está conectada, inicie sesión en RingCentral otra vez.',
        ],
      },
      not_confirmed: {
        what: () => [
          'RingCentral aceptó el inicio de sesión, y todo lo que necesitamos funciona.',
          'No se lee ningún fax hasta que alguien de la clínica confirme que la empresa es suya.',
        ],
      },
      account_mismatch: {
        title: () => 'Este inicio de sesión es de otro usuario o de otra cuenta de RingCentral',
        what: ({ isv }) => [`Para proteger sus faxes, ${isv} lo revisa antes de usarlo.`],
        steps: ({ isv }) => [
          { text: `Si este cambio es intencional, avise a ${isv}.`, with: 'support' },
          'Si es un error, inicie sesión en RingCentral otra vez con el usuario anterior.',
        ],
      },
      account_shared: {
        what: ({ isv }) => [`El inicio de sesión está bien. ${isv} aprueba cada cuenta una vez, antes de usarla aquí.`],
      },
      no_fax_line: {
        what: () => ['El inicio de sesión funciona, pero nadie ha marcado de quién se deben leer los faxes.'],
      },
      unclassified: { title: () => 'RingCentral rechazó el inicio de sesión por una razón que no conocemos' },
      expires_soon: {
        title: ({ expires }) =>
          expires === null ? 'El inicio de sesión termina pronto' : `El inicio de sesión termina el ${expires}`,
        short: 'El inicio de sesión termina pronto',
        what: () => [
          'Su cuenta de RingCentral cierra cada sesión al cabo de un tiempo. Después de ese día no podemos leer ningún fax hasta que alguien inicie sesión otra vez.',
        ],
        steps: () => ['Inicie sesión en RingCentral otra vez. El actual sigue en uso hasta que confirmemos el nuevo.'],
      },
    },
  },
  guide: {
    progress: {
      make_again: {
        text: 'Su último inicio de sesión en RingCentral ya no se puede usar. Cree un JWT o inicie sesión otra vez.',
      },
      wait: {
        text: 'Usted inició sesión en RingCentral, y todavía no estamos conectados. Por ahora no tiene que hacer nada.',
      },
      fix: { text: 'Hemos guardado su inicio de sesión en RingCentral. Hay que cambiar algo para que funcione.' },
      connected: {
        text: 'Ya ha conectado RingCentral con un inicio de sesión. Siga estos pasos solo para usar un JWT.',
      },
    },
  },
  renewal: {
    ends: (since, on) =>
      `No hemos podido renovar su inicio de sesión desde el ${since}. RingCentral lo terminará el ${on} si no podemos renovarlo antes.`,
    ended: (since, on) =>
      `No hemos podido renovar su inicio de sesión desde el ${since}. Según RingCentral, terminó el ${on}.`,
    signIn: 'Hasta que se renueve no podemos leer ningún fax. Inicie sesión otra vez para reemplazarlo.',
    wait: 'Hasta que se renueve no podemos leer ningún fax. Si termina, le enviaremos un correo para que inicie sesión otra vez.',
  },
  activity: { link: 'Ver cada uso de su inicio de sesión y cada cambio' },
  mails: {
    ends: {
      subject: ({ isv, tenant }) => `${isv}: inicie sesión en RingCentral otra vez para ${tenant}`,
      paragraphs: ({ isv, tenant, since, on }) => [
        `${isv} lee los faxes de ${tenant} con un inicio de sesión en RingCentral. No hemos podido renovarlo desde el ${since}. Hasta entonces no podemos leer ningún fax.`,
        `RingCentral lo terminará el ${on} si no podemos renovarlo antes. Puede iniciar sesión otra vez ahora.`,
      ],
      button: 'Iniciar sesión otra vez',
      once: 'Le escribimos una vez sobre esto, y otra vez solo si el inicio de sesión termina.',
    },
    ownerChanged: {
      about: ({ isv, tenant }) => `${isv} lee los faxes de ${tenant} como el usuario de RingCentral que inició sesión.`,
    },
    expires: {
      subject: ({ isv, tenant, on }) =>
        `${isv}: se requiere una acción – el inicio de sesión de ${tenant} termina el ${on}`,
      paragraphs: ({ isv, tenant, on }) => [
        `${isv} lee los faxes de ${tenant} con un inicio de sesión que termina el ${on}. Su cuenta de RingCentral lo limita.`,
        'Inicie sesión en RingCentral otra vez antes de ese día. Hasta entonces todo sigue funcionando.',
      ],
      button: 'Iniciar sesión otra vez',
      next: ({ on }) => `Se lo recordaremos otra vez el ${on}, si nadie ha iniciado sesión de nuevo.`,
    },
  },
};
