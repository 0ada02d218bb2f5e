import { FolderError, onFolder } from '../../../src/faxes/documents/folder-error.js';

it.each([
  ['ENOENT', 'it does not exist, or is gone; make it, or mount its disk'],
  ['ENOSPC', 'the disk is full; make room and run the command again'],
  ['SQLITE_FULL', 'the disk is full; make room and run the command again'],
  ['EROFS', 'it is read-only; mount its disk for writing'],
  ['SQLITE_READONLY_DIRECTORY', 'it is read-only; mount its disk for writing'],
  ['EACCES', 'this user may not use it; check its owner and mode'],
  ['SQLITE_IOERR_WRITE', 'its disk does not work; look at the log of the system'],
])('an error of the folder with the code %s says what to do', (code, what) => {
  expect(new FolderError(code).message).toBe(`the folder cannot be used: ${code}: ${what}`);
});

it('an error of the folder with another code says the code, and never a path', async () => {
  const error = Object.assign(new Error('EMFILE: too many open files, open /var/lib/faxes/5'), { code: 'EMFILE' });
  await expect(onFolder(() => Promise.reject(error))).rejects.toThrow(/^the folder cannot be used: EMFILE$/);
});

it('a defect is no error of the folder', async () => {
  await expect(onFolder(() => Promise.reject(new TypeError('a defect')))).rejects.toThrow(TypeError);
});
