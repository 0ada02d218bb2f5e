import type { company as english } from '../../en/accounts/company.js';

export const company: typeof english = {
  offer: 'Para nuestro personal: iniciar sesión con la cuenta de la empresa',
  signIn: {
    title: 'Inicie sesión con la cuenta de su empresa',
    lead: (host) => `Continúa en ${host}, donde su empresa comprueba quién es usted. Después vuelve aquí.`,
    staffOnly: 'Solo para nuestro personal. Las demás personas usan su correo electrónico y su contraseña.',
  },
  confirm: {
    title: 'Confirme que es usted',
    lead: (host) => `Este paso necesita un inicio de sesión reciente. Continúa en ${host} y después vuelve aquí.`,
  },
  invitation: {
    title: 'Configure su cuenta de personal',
    forAddress: (email) => `Esta invitación se envió a ${email}.`,
    lead: (host) => `Continúa en ${host}. La cuenta de empresa con la que inicie sesión allí será la suya aquí.`,
  },
  link: {
    title: 'Use la cuenta de su empresa',
    lead: (host) => `Continúa en ${host}. Desde entonces, inicia sesión solo con esa cuenta.`,
    ends: 'Su contraseña de aquí deja de funcionar y se cierran sus demás sesiones.',
  },
  button: (host) => `Continuar a ${host}`,
  withPassword: 'Iniciar sesión con correo electrónico y contraseña',
  problems: {
    denied: 'Su empresa no confirmó el inicio de sesión. Inténtelo de nuevo o pregunte a su empresa.',
    down: 'El inicio de sesión de su empresa no responde. Inténtelo de nuevo en unos minutos.',
    failed:
      'No pudimos verificar la respuesta de su empresa. Inténtelo de nuevo. Si se repite, avise a un administrador.',
    too_old: 'Este inicio de sesión duró más de 10 minutos, ya se usó o empezó en otro navegador. Empiece de nuevo.',
    unknown_account:
      'Esta cuenta de empresa no está configurada aquí. Abra el enlace de su invitación o pregunte a un administrador.',
    no_role: 'Su empresa no da ningún rol aquí a esta cuenta. Pregunte a quien administra las cuentas de su empresa.',
    someone_else: 'Inició sesión en su empresa como otra persona. Use allí su propia cuenta.',
    not_again: 'Su empresa no volvió a preguntar quién es usted. Inténtelo de nuevo e inicie sesión allí.',
    in_use: 'Otra persona del personal usa esta cuenta de empresa. Inicie sesión en su empresa con su propia cuenta.',
    last_administrator:
      'Usted es el último administrador con contraseña. Consérvela para el día en que falle el inicio de sesión de la empresa.',
    wait: 'Empezaron demasiados inicios de sesión en poco tiempo. Inténtelo de nuevo en un minuto.',
  },
  account: {
    row: 'Cuenta de empresa',
    linked: 'Inicia sesión con ella',
    notLinked: 'No se usa',
    use: 'Usarla',
  },
};
