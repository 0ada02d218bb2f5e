import type { causes as english } from '../en/causes.js';

const newJwt = ['Cree un JWT nuevo en la consola de RingCentral.', 'Péguelo aquí.'];

export const causes: typeof english = {
  app_not_permitted: {
    title: ({ isv }) => `Falta indicar a RingCentral que ${isv} puede usar este JWT`,
    short: 'Falta agregar el client ID',
    what: () => ['El JWT en sí está bien. Nuestro client ID aún no está en su lista de aplicaciones permitidas.'],
    steps: ({ app }) => [
      { text: 'Abra sus JWT en la consola de RingCentral y elija el que pegó.', with: 'console' },
      'Elija Only specific apps of my choice (solo las aplicaciones que yo elija).',
      { text: 'Pegue este client ID y elija Add app (agregar aplicación).', with: 'clientId' },
      { text: `Compruebe que la tabla muestra ${app}.`, with: 'appName' },
      'Elija Save (guardar), vuelva aquí y elija Comprobar otra vez.',
    ],
  },
  third_party_access_missing: {
    title: () => 'El usuario de este JWT no puede usar aplicaciones de otras empresas',
    short: 'Falta Third Party Apps Access',
    what: () => [
      'Al rol de ese usuario le falta el permiso Third Party Apps Access (acceso a aplicaciones de terceros).',
    ],
    steps: () => [
      'Pida a un administrador de RingCentral de su clínica que abra el rol de ese usuario.',
      'Marque Third Party Apps Access y guarde el rol.',
      'Vuelva aquí y elija Comprobar otra vez.',
      'Si creó el JWT con una cuenta gratuita de desarrollador, no hay ningún rol que cambiar. Cree un JWT nuevo en la cuenta de RingCentral de su clínica y péguelo aquí.',
    ],
  },
  owner_inactive: {
    title: () => 'El usuario de este JWT está desactivado en RingCentral',
    short: 'Usuario desactivado',
    what: () => ['Un JWT actúa como el usuario que lo creó. RingCentral dice que ese usuario no puede iniciar sesión.'],
    steps: () => [
      'Pida a un administrador de RingCentral que active al usuario. Después elija Comprobar otra vez.',
      'Si el usuario ya no trabaja en la clínica, cree un JWT nuevo con un usuario activo y péguelo aquí.',
    ],
  },
  account_inactive: {
    title: () => 'RingCentral ha suspendido su cuenta',
    short: 'Cuenta suspendida',
    what: () => ['En este momento nadie de esta cuenta puede iniciar sesión en RingCentral.'],
    steps: () => [
      'Pida a la persona que paga su factura de RingCentral que se comunique con RingCentral.',
      'Cuando la cuenta funcione de nuevo, vuelva aquí y elija Comprobar otra vez.',
    ],
  },
  wrong_user_type: {
    title: () => 'Este JWT es de una extensión que no puede iniciar sesión',
    short: 'La extensión no puede iniciar sesión',
    what: () => ['Puede ser una cola de llamadas u otra extensión que no es una persona.'],
    steps: () => [
      'Inicie sesión en la consola de RingCentral como usuario. Lo mejor es un usuario de servicio.',
      'Cree allí un JWT nuevo y péguelo aquí.',
    ],
  },
  owner_locked: {
    title: () => 'RingCentral ha bloqueado por un tiempo al usuario de este JWT',
    short: 'Usuario bloqueado por un tiempo',
    what: () => ['Ocurre después de varios inicios de sesión fallidos. RingCentral lo desbloqueará automáticamente.'],
    steps: () => [],
  },
  account_restricted: {
    title: () => 'RingCentral limita dónde se puede usar esta cuenta',
    short: 'Cuenta limitada',
    what: () => ['Solo RingCentral puede quitar este límite.'],
    steps: () => [
      'Comuníquese con el soporte de RingCentral e indique el código al pie de esta página.',
      'Cuando lo hayan quitado, elija Comprobar otra vez.',
    ],
  },
  credential_damaged: {
    title: () => 'RingCentral no pudo leer este JWT',
    short: 'JWT dañado',
    what: () => ['Faltan algunos caracteres o se cambiaron.'],
    steps: () => ['Copie otra vez el JWT con el botón de copiar de RingCentral, o cree uno nuevo.', 'Péguelo aquí.'],
  },
  credential_expired: {
    title: ({ expires }) => (expires === null ? 'El JWT ha caducado' : `El JWT caducó el ${expires}`),
    short: 'JWT caducado',
    what: () => ['RingCentral ya no lo acepta.'],
    steps: () => newJwt,
  },
  credential_rejected: {
    title: () => 'RingCentral ya no acepta este JWT',
    short: 'JWT ya no aceptado',
    what: ({ unexpired }) => [
      unexpired
        ? 'Se revocó o se eliminó. RingCentral no indica cuál.'
        : 'Se revocó, se eliminó o caducó. RingCentral no indica cuál.',
    ],
    steps: () => newJwt,
  },
  sign_in_again: {
    title: ({ unanswered }) =>
      unanswered ? 'No pudimos terminar su inicio de sesión' : 'Inicie sesión en RingCentral otra vez',
    short: 'Falta iniciar sesión en RingCentral',
    what: ({ unanswered }) => [
      unanswered
        ? 'RingCentral o este portal no respondió a tiempo, y no se conectó nada. Su clínica no hizo nada mal.'
        : 'RingCentral no aceptó el último inicio de sesión, o ya no lo acepta. Es posible que alguien haya cambiado la contraseña o retirado el acceso.',
    ],
    steps: ({ unanswered }) => [
      unanswered
        ? 'Inicie sesión en RingCentral otra vez. Si esta página muestra después lo mismo, espere unos minutos antes de intentarlo otra vez.'
        : 'Inicie sesión en RingCentral otra vez. Tenga a mano el nombre y la contraseña del mismo usuario.',
    ],
  },
  session_too_short: {
    title: () => 'RingCentral cierra demasiado pronto las sesiones de su cuenta',
    short: 'Las sesiones se cierran demasiado pronto',
    what: () => [
      'Una configuración de su cuenta de RingCentral cierra cada sesión al poco tiempo. Después no podemos leer ningún fax hasta que alguien inicie sesión otra vez.',
    ],
    steps: () => [
      'Conecte su clínica con un JWT. Un JWT no tiene ese límite.',
      'O pida a un administrador de RingCentral de su clínica que aumente los límites, e inicie sesión otra vez. Una sesión debe durar 26 horas sin uso y 30 días en total.',
    ],
  },
  permission_missing: {
    title: () => 'Al usuario de este JWT le falta un permiso en RingCentral',
    short: 'Falta un permiso',
    what: () => ['El JWT está bien, pero solo puede hacer lo que puede hacer su usuario.'],
    steps: () => [
      'Pida a un administrador de RingCentral que agregue el permiso al rol de ese usuario.',
      'Vuelva aquí y elija Comprobar otra vez.',
      'Si creó el JWT con una cuenta gratuita de desarrollador, no hay ningún rol que cambiar. Cree un JWT nuevo en la cuenta de RingCentral de su clínica y péguelo aquí.',
    ],
  },
  extension_not_visible: {
    title: () => 'El usuario de este JWT no puede leer los faxes de una línea marcada',
    short: 'Línea de fax sin acceso',
    what: () => ['El usuario necesita acceso a esa extensión, como super admin o con un rol personalizado.'],
    steps: () => [
      'Pida a un administrador de RingCentral que dé al usuario acceso a la línea.',
      'O desmarque abajo la línea, si no quiere sus faxes.',
      'Vuelva aquí y elija Comprobar otra vez.',
    ],
  },
  scope_missing: {
    title: ({ app }) => `A la aplicación ${app} le falta un permiso en RingCentral`,
    short: 'Falta un permiso (scope) a la aplicación',
    what: ({ isv }) => [`${isv} tiene que agregarlo a su aplicación. El JWT de usted está bien.`],
    steps: () => [],
  },
  app_misconfigured: {
    title: ({ app }) => `RingCentral rechaza la aplicación ${app}`,
    short: 'RingCentral rechaza la aplicación',
    what: ({ isv }) => [
      `${isv} tiene que corregir su configuración en RingCentral. Esto no tiene nada que ver con su JWT.`,
    ],
    steps: () => [],
  },
  not_confirmed: {
    title: () => 'La clínica debe confirmar su empresa',
    short: 'Falta que la clínica confirme su empresa',
    what: () => [
      'RingCentral aceptó el JWT, y todo lo que necesitamos funciona.',
      'No se lee ningún fax hasta que alguien de la clínica confirme que la empresa es suya.',
    ],
    steps: () => ['Abra la página Conexión y confirme la empresa, o diga que no es la suya.'],
  },
  account_mismatch: {
    title: () => 'Este JWT es de otro usuario o de otra cuenta de RingCentral',
    short: 'Cuenta distinta de la anterior',
    what: ({ isv }) => [`Para proteger sus faxes, ${isv} lo revisa antes de que lo use una tarea.`],
    steps: ({ isv }) => [
      { text: `Si este cambio es intencional, avise a ${isv}.`, with: 'support' },
      'Si es un error, cree un JWT en la cuenta anterior y péguelo aquí.',
    ],
  },
  account_shared: {
    title: ({ isv }) => `${isv} tiene que aprobar antes esta cuenta de RingCentral`,
    short: 'La cuenta espera aprobación',
    what: ({ isv }) => [`El JWT está bien. ${isv} aprueba cada cuenta una vez, antes de usarla aquí.`],
    steps: () => [],
  },
  no_fax_line: {
    title: () => 'No hay ninguna línea de fax marcada',
    short: 'Sin línea de fax',
    what: () => ['El JWT funciona, pero nadie ha marcado de quién se deben leer los faxes.'],
    steps: () => ['Marque abajo las líneas cuyos faxes debemos leer. Después elija Guardar y comprobar.'],
  },
  mailbox_filling: {
    title: () => 'Un buzón de fax está lleno o casi lleno',
    short: 'Buzón casi lleno',
    what: () => [
      'RingCentral conserva 200 mensajes en un buzón, entre faxes y mensajes de voz. Cuando está lleno, cada mensaje nuevo desplaza al más antiguo. Un fax se pierde si eso ocurre antes de que lo descarguemos.',
    ],
    steps: ({ isv }) => [
      'En RingCentral, elimine los faxes y los mensajes de voz que ya no necesite.',
      `Si llegan muchos faxes cada día, pida a ${isv} que los descargue con más frecuencia.`,
    ],
  },
  expires_soon: {
    title: ({ expires }) => (expires === null ? 'El JWT caduca pronto' : `El JWT caduca el ${expires}`),
    short: 'Caduca pronto',
    what: () => ['Después de ese día no podemos leer ningún fax hasta que haya un JWT nuevo.'],
    steps: () => [
      'Cree un JWT nuevo en la consola de RingCentral. Deje el antiguo como está.',
      'Pegue aquí el nuevo. El antiguo sigue en uso hasta que confirmemos el nuevo.',
    ],
  },
  old_credential_alive: {
    title: () => 'RingCentral aún acepta su JWT anterior',
    short: 'El JWT anterior aún funciona',
    what: () => [
      'Usted indicó que lo eliminó. Lo probamos y RingCentral lo aceptó. Cerramos esa sesión de inmediato.',
      'Su conexión ya no lo usa, y ninguna tarea recibe un token con él.',
    ],
    steps: () => [
      { text: 'Abra su lista de JWT en RingCentral.', with: 'console' },
      'Elimine el JWT que reemplazó. Si varios tienen el mismo nombre, elimine el más antiguo.',
      'Vuelva a esta página y elija “Lo eliminé”.',
    ],
  },
  environment_differs: {
    title: () => 'El JWT indica una dirección de RingCentral distinta de la esperada',
    short: 'Entorno distinto del esperado',
    what: () => ['Funciona de todos modos. Las cuentas de AT&T y Verizon tienen una dirección propia.'],
    steps: ({ isv }) => [`Diga a ${isv} si su compañía telefónica es AT&T o Verizon.`],
  },
  rate_limited: {
    title: () => 'RingCentral nos pide que esperemos',
    short: 'RingCentral nos pide que esperemos',
    what: () => ['RingCentral limita cuántas veces podemos consultar. Su clínica no hizo nada mal.'],
    steps: () => [],
  },
  ringcentral_unavailable: {
    title: () => 'RingCentral responde con un error',
    short: 'RingCentral responde con un error',
    what: () => ['RingCentral tiene una interrupción o está en mantenimiento.'],
    steps: () => [],
  },
  unreachable: {
    title: () => 'No podemos comunicarnos con RingCentral',
    short: 'Sin comunicación con RingCentral',
    what: ({ isv }) => [`La red entre nosotros y RingCentral está interrumpida. ${isv} tiene que arreglarlo.`],
    steps: () => [],
  },
  unclassified: {
    title: () => 'RingCentral rechazó el JWT por una razón que no conocemos',
    short: 'Rechazado, razón desconocida',
    what: ({ isv }) => [`${isv} tiene que averiguar la causa. El código al pie de esta página ayuda.`],
    steps: () => [],
  },
};
