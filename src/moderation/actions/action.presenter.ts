import type { ActionView } from '../../protocol/views.js';
import { csvLine } from '../../common/csv.js';
import type { Action } from '../../chat/log/action.entity.js';

/** An act for staff. `room` is the slug of its room; addresses are for administrators. */
export function presentAction(action: Action, room: string | null, withAddress: boolean): ActionView {
  const { id, byId, byName, byRole, userId, userName, target, reason, details } = action;
  return {
    id,
    at: new Date(action.at).toISOString(),
    room,
    action: action.action,
    by: { id: byId, nickname: byName, role: byRole },
    ...(withAddress && { address: action.address }),
    ...(userId !== null && { user: { id: userId, nickname: userName ?? '' } }),
    ...(target !== null && { target }),
    ...(reason !== null && { reason }),
    ...(details !== null && { details: JSON.parse(details) }),
  };
}

export const ACTIONS_HEAD = csvLine([
  'at',
  'room',
  'action',
  'by',
  'by id',
  'role',
  'address',
  'whom',
  'whom id',
  'message',
  'reason',
  'details',
]);

/** The act as a line of CSV, under `ACTIONS_HEAD`. */
export function actionLine({
  at,
  room,
  action,
  by,
  address,
  user,
  target,
  reason,
  details,
}: ActionView): string {
  return csvLine([
    at,
    room,
    action,
    by.nickname,
    by.id,
    by.role,
    address,
    user?.nickname,
    user?.id,
    target,
    reason,
    details && JSON.stringify(details),
  ]);
}
