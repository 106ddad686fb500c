/**
 * Why a socket was closed. The range tells a client what to do, so that old clients handle new codes:
 * 4000–4099 stop, 4100–4199 back off and resume, 4200–4299 reconnect at once and resume.
 */
export const CloseCode = {
  Binary: 1003,
  InvalidUtf8: 1007,
  TooManyParts: 1008,
  FrameTooLarge: 1009,
  Restart: 1012,
  SessionEnded: 4001,
  Banned: 4003,
  RoomGone: 4004,
  TooManySockets: 4006,
  Flooding: 4101,
  SlowConsumer: 4108,
  HeartbeatLost: 4201,
  LogReplaced: 4202,
} as const;

export type CloseCode = (typeof CloseCode)[keyof typeof CloseCode];
