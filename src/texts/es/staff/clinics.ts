import type { staff as english } from '../../en/staff.js';

export const list: (typeof english)['list'] = {
  title: 'Clínicas',
  create: 'Agregar una clínica',
  caption: 'Todas las clínicas, primero las que necesitan atención',
  captionIn: (state: string) => `Clínicas: ${state}`,
  emptyIn: 'Ahora ninguna clínica está en este estado.',
  emptyOf: 'Ninguna clínica tiene ahora esta causa.',
  filters: {
    states: 'Clínicas por estado',
    causes: 'Por causa',
    all: 'Todas',
    allCauses: 'Todas las causas',
    everyState: 'Esta causa en todos los estados',
  },
  columns: { name: 'Clínica', state: 'Estado', cause: 'Causa', owner: 'Quién debe actuar', since: 'Desde' },
  next: 'Clínicas siguientes',
  first: 'Volver a las primeras clínicas',
  empty: 'Todavía no hay ninguna clínica.',
  emptyStep: 'Agregue la primera y después invite a una persona que trabaje allí.',
  nothing: 'Nadie',
  none: 'Ninguna',
};

export const create: (typeof english)['create'] = {
  title: 'Agregar una clínica',
  back: 'Clínicas',
  name: 'Nombre de la clínica',
  externalRef: 'Su propio identificador para ella',
  externalRefHint: 'El que usan sus registros y tareas. Cada clínica tiene el suyo.',
  environment: 'Dónde está su cuenta de RingCentral',
  environments: {
    production: { text: 'RingCentral y casi todas las marcas', hint: 'Direcciones que terminan en ringcentral.com' },
    biz: { text: 'AT&T Office@Hand o Verizon', hint: 'Direcciones que terminan en ringcentral.biz' },
  },
  language: 'Idioma',
  languageHint: 'El de sus páginas y correos. Cada persona puede elegir otro.',
  timeZone: 'Zona horaria',
  timeZoneHint: 'Las páginas de la clínica muestran la hora en esta zona.',
  button: 'Agregar la clínica',
  problems: {
    name: {
      missing: 'Escriba el nombre de la clínica.',
      too_long: 'El nombre es demasiado largo. Use como máximo 200 caracteres.',
      control_characters: 'El nombre contiene caracteres ocultos. Escríbalo de nuevo.',
    },
    externalRef: {
      missing: 'Escriba su propio identificador para la clínica.',
      too_long: 'El identificador es demasiado largo. Use como máximo 100 caracteres.',
      control_characters: 'El identificador contiene caracteres ocultos. Escríbalo de nuevo.',
      duplicate: 'Otra clínica tiene este identificador. Escriba uno distinto.',
    },
    environment: { unknown: 'Elija dónde está su cuenta de RingCentral.' },
    language: { unknown: 'Ese idioma no está disponible. Elija otro.' },
    timeZone: { unknown: 'Elija una zona horaria de la lista.' },
  },
};

export const settings: (typeof english)['settings'] = {
  title: 'Configuración de la clínica',
  secondFactor: 'Inicio de sesión',
  secondFactorHint:
    'Quien no tiene una aplicación de autenticación la configura antes de volver a ver una página de la clínica.',
  secondFactorNeeded: 'Los miembros necesitan una aplicación de autenticación',
  secondFactorOptional: 'Una contraseña; la aplicación de autenticación es opcional',
  methods: 'Formas de conectar',
  methodsHint: 'Lo que ofrece la guía desde ahora. Una conexión que funciona no cambia.',
  methodsOf: {
    both: 'Un JWT, o iniciar sesión en RingCentral para quien no puede abrir la consola de desarrolladores',
    jwt: 'Solo un JWT',
    authorization_code: 'Solo iniciar sesión en RingCentral',
  },
  button: 'Guardar',
  change: 'Cambiar',
};
