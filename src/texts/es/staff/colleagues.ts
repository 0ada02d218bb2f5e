import type { staff as english } from '../../en/staff.js';

export const people: (typeof english)['people'] = {
  title: 'Personal',
  lead: 'Quién trabaja aquí para nosotros. Cada cambio queda registrado. La persona y los demás administradores reciben un correo.',
  you: (name) => `${name} (usted)`,
  columns: { name: 'Nombre', role: 'Rol', state: 'Estado', lastUse: 'Último uso' },
  states: { active: 'Activo', invited: 'Invitado, sin configurar', disabled: 'Desactivado' },
  noUse: 'Ninguno registrado',
  signsIn: {
    key: 'Inicia sesión con',
    company: 'Cuenta de empresa',
    password: 'Contraseña',
    nothing: 'Nada todavía',
    local: 'Inicia sesión con una contraseña',
    lead: (local) =>
      local === 1
        ? 'Una cuenta inicia sesión con una contraseña. Sirve el día en que falle el inicio de sesión de la empresa.'
        : `${local} cuentas inician sesión con una contraseña. Conserve una para el día en que falle el de la empresa.`,
  },
  roles: {
    administrator: 'Además cambia el personal, la configuración de las clínicas y sus personas, y aprueba cuentas.',
    operator: 'Además crea clínicas, invita a personas, comprueba conexiones y envía soluciones.',
    auditor: 'Lee todo aquí y no cambia nada.',
  },
  invite: {
    action: 'Invitar a un miembro del personal',
    title: 'Invitar a un miembro del personal',
    lead: 'Enviamos un enlace que sirve una sola vez, durante 24 horas. Usted no lo ve.',
    name: 'Nombre',
    email: 'Correo electrónico',
    button: 'Enviar la invitación',
  },
  problems: {
    name_missing: 'Escriba un nombre.',
    name_too_long: 'El nombre es demasiado largo. Use como máximo 100 caracteres.',
    email_unreadable: 'Escriba una dirección de correo, como nombre@example.com.',
    address_in_use: 'Esta dirección ya tiene una cuenta.',
    role_unknown: 'Elija un rol.',
  },
  change: {
    lead: 'Un cambio pide antes su código y cierra todas las sesiones de esta persona.',
    setRole: 'Cambiar el rol',
    reset: {
      heading: 'Teléfono perdido y sin códigos de recuperación',
      what: [
        'Compruebe que es esta persona quien lo pide, por un número de teléfono que usted ya tenía.',
        'La aplicación y los códigos de recuperación dejan de servir. El siguiente inicio de sesión pide la contraseña y configura otra aplicación.',
      ],
      button: 'Quitar la aplicación de autenticación',
    },
    company: {
      heading: 'Cuenta de empresa perdida o reemplazada',
      what: [
        'Compruebe que es esta persona quien lo pide, por un número de teléfono que usted ya tenía.',
        'La cuenta de empresa deja de servir aquí. Enviamos a la persona un enlace para configurar una otra vez.',
      ],
      button: 'Quitar la cuenta de empresa',
    },
    disable: {
      heading: 'Desactivar la cuenta',
      what: [
        'Se cierran todas las sesiones de la persona y no puede iniciar sesión. Sus registros se conservan.',
        'Las claves de API que creó la persona siguen funcionando. La página “Claves de API” las marca. Reemplace las que la persona pueda conocer.',
      ],
      button: 'Desactivar la cuenta',
    },
    enable: {
      heading: 'Activar la cuenta',
      what: ['La persona puede volver a iniciar sesión con la misma contraseña y aplicación de autenticación.'],
      button: 'Activar la cuenta',
    },
  },
  notices: {
    invited: 'La invitación está en camino.',
    role: 'El rol cambió.',
    disabled: 'La cuenta se desactivó.',
    enabled: 'La cuenta se activó.',
    reset: 'La aplicación de autenticación se quitó.',
    unlinked: 'La cuenta de empresa se quitó. Hemos enviado un enlace.',
  },
  refusals: {
    own_account: 'No puede cambiar aquí su propia cuenta. Pídaselo a otro administrador.',
    last_administrator: 'Es el último administrador que puede iniciar sesión. Haga antes administrador a otra persona.',
    role_unknown: 'Elija un rol.',
  },
};
