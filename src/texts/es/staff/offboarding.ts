/** What is held on a clinic, and how a clinic leaves. */
export const dataExport = {
  link: 'Descargar los datos de esta clínica',
  title: 'Descargar los datos de esta clínica',
  what: 'El archivo contiene todo lo que guardamos de la clínica, como un solo objeto JSON.',
  without: 'No contiene ningún JWT, token, contraseña ni clave.',
  care: 'Tiene nombres y direcciones de correo de personas. Guárdelo con cuidado.',
  button: 'Descargar el archivo',
};
