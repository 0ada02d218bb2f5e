import type { Socket } from 'node:net';

const under = new WeakMap<Socket, Socket>();

/** Remembers the TCP socket under a TLS socket, because only the TCP socket can be reset. */
export const noteRawSocket = (secure: Socket, raw: Socket): void => void under.set(secure, raw);

export const rawSocketOf = (socket: Socket): Socket => under.get(socket) ?? socket;
