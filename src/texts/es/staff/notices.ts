import type { notices as english } from '../../en/staff/notices.js';

export const notices: typeof english = {
  title: 'Quién recibe cada correo',
  lead: [
    'El portal envía estos correos, y ningún otro. Cada uno llega a todas las personas con esos roles que pueden iniciar sesión.',
    'Los programas se enteran de las conexiones por eventos, no por correo.',
  ],
  columns: { mail: 'Correo', clinic: 'Personas de la clínica', staff: 'Nuestro personal' },
  parts: {
    connection: 'Sobre la conexión de una clínica',
    people: 'Sobre personas y cuentas',
    portal: 'Sobre el portal',
  },
  all: 'Todos los roles',
  none: 'Nadie',
  self: 'Solo la persona afectada',
  selfAnd: (roles) => `La persona afectada; ${roles}`,
  mails: {
    failing: 'Una conexión falla. Lo recibe el personal si solo nosotros podemos arreglarlo; si no, la clínica.',
    recovered: 'Una conexión vuelve a funcionar. Llega a quienes recibieron el aviso del fallo.',
    expires: 'Un JWT vence en 30, 14, 7, 3 o 1 días, o un inicio de sesión termina pronto.',
    ownerChanged: 'El usuario de la credencial ha cambiado en RingCentral.',
    disconnected: 'Se desconectó la clínica.',
    personAdded: 'Una persona se unió a la clínica.',
    roleChanged: 'Una persona recibió otro rol en la clínica.',
    secondFactorRule: 'Cambió la regla de la clínica sobre el segundo paso al iniciar sesión.',
    staffChanged: 'Se creó o cambió una cuenta del personal. Llega a los demás administradores.',
    invitation: 'Una invitación al portal.',
    reminder: 'Un recordatorio de una invitación.',
    personRemoved: 'Se quitó a una persona de una clínica.',
    staffSetup: 'Un enlace para preparar una cuenta del personal.',
    passwordReset: 'Un enlace para una contraseña nueva.',
    newAddress: 'Un enlace para confirmar una dirección de correo nueva.',
    proveAddress: 'Un enlace para confirmar la dirección de correo de una cuenta nueva.',
    security:
      'Un cambio de contraseña, de dirección de correo o del segundo paso, o un inicio de sesión en otro dispositivo.',
    incident: 'Empieza o termina un incidente de todas las clínicas.',
    digest: 'El resumen diario de lo que requiere atención.',
    preflight: 'Qué esperar de la ejecución nocturna, dos horas antes.',
    webhooks: 'Se creó, renovó o quitó un destino de webhooks, falla o se apagó.',
    apiKeys: 'Se creó o revocó una clave de API, o su enlace se abrió dos veces.',
  },
};
