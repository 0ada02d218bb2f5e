import type { credentials as english } from '../en/credentials.js';

const theJwt = 'el texto largo que empieza con eyJ';

export const credentials: typeof english = {
  title: 'Pegue el JWT',
  hint: 'Es un texto largo que empieza con eyJ y lleva un punto (.) en dos lugares. Los saltos de línea de un correo no importan.',
  backToGuide: 'Crear el JWT',
  button: 'Comprobar y guardar',
  safetyHeading: 'Qué hacemos con él',
  safety: (isv) => [
    'Preguntamos a RingCentral si el JWT funciona. Toma unos segundos.',
    'Lo guardamos cifrado. Nadie puede volver a leerlo aquí, y no se muestra nunca más.',
    `Permite a ${isv} leer sus faxes. No contiene su contraseña.`,
  ],
  notYet: 'Todavía no tengo un JWT: muéstreme cómo crearlo',

  refusals: {
    too_large: 'Esto es mucho más largo que un JWT. Copie solo el JWT: unos 700 caracteres que empiezan con eyJ.',
    empty: `El cuadro está vacío. Pegue el JWT: ${theJwt}.`,
    url: `Esto es una dirección web. Pegue el JWT: ${theJwt}.`,
    client_id: `Esto es el client ID. Pegue el JWT: ${theJwt}.`,
    client_secret_like: `Esto parece un client secret. No lo comparta y pegue el JWT: ${theJwt}.`,
    access_token: `Esto es un token de acceso, que caduca en una hora. Pegue el JWT: ${theJwt}.`,
    several_jwts: 'En este texto hay varios JWT distintos. Pegue solo el que creó para esta conexión.',
    masked:
      'Una parte de este JWT está oculta tras puntos o asteriscos. Cópielo con el botón de copiar de RingCentral.',
    encrypted_jwt: 'Este token está cifrado, así que no es de la consola de RingCentral. Cree allí un JWT y péguelo.',
    illegal_characters:
      'Este JWT contiene caracteres que ningún JWT tiene. Cópielo otra vez con el botón de copiar de RingCentral.',
    truncated: 'El JWT está cortado. Cópielo otra vez con el botón de copiar de RingCentral.',
    not_a_jwt: `Esto no es un JWT. Pegue el JWT: ${theJwt} y lleva un punto (.) en dos lugares.`,
    undecodable: 'Algunos caracteres de este JWT han cambiado. Cópielo otra vez con el botón de copiar de RingCentral.',
    unsigned_jwt: 'Este JWT no tiene firma, así que RingCentral no lo creó. Cree uno en RingCentral y péguelo.',
    foreign_jwt: 'Este JWT lo creó otro servicio. Cree uno en RingCentral y péguelo.',
    not_a_credential:
      'RingCentral creó este token para otro uso. Cree un JWT en Credentials, en la consola de RingCentral.',
    wrong_environment:
      'Este JWT es del entorno de pruebas de RingCentral (sandbox). Cree uno con su cuenta real de RingCentral.',
    not_yet_valid: 'Este JWT empieza a funcionar más adelante. Cree uno nuevo en RingCentral y péguelo.',
    expired: 'Este JWT ha caducado. Cree uno nuevo en RingCentral y péguelo.',
  },
  expiredOn: (date) => `Este JWT caducó el ${date}. Cree uno nuevo en RingCentral y péguelo.`,

  seenHeading: 'Lo que vimos',
  seen: {
    length: 'Longitud',
    characters: (count, isOne) => (isOne ? `${count} carácter` : `${count} caracteres`),
    issuer: 'Creado por',
    expiry: 'Caducidad',
  },
  tooMany: (time) =>
    `Hubo muchos intentos en poco tiempo. Podrá pegar de nuevo ${time}. El JWT no se guardó: consérvelo hasta entonces.`,
  nothingStored: 'Lo que pegó no se guardó ni se envió a ninguna parte.',
};
