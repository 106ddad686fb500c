/** Whether somebody moderates here, on the whole server or in this room. @param {{ role: string } | null | undefined} person */
export function isStaff(person) {
  return person?.role === 'moderator' || person?.role === 'admin';
}
