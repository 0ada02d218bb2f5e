import type { Socket } from 'node:net';

const under = new WeakMap<Socket, Socket>();

/** Notes the TCP connection under one with TLS: only the former can be reset. */
export const noteRawSocket = (secure: Socket, raw: Socket): void => void under.set(secure, raw);

export const rawSocketOf = (socket: Socket): Socket => under.get(socket) ?? socket;
