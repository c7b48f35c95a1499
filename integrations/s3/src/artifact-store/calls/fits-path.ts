/** Keys that mean something else in the path of a request. */

/**
 * Whether a key is the same to whoever normalises paths on the way. Other programs write keys with empty segments, `.` and `..`:
 * those are deleted by a body, so that no other object can be meant.
 */
export function fitsPath(key: string): boolean {
  return !/(?:^|\/)(?:\.{0,2}\/|\.{1,2}$)/.test(key)
}
