/** A clock of this process that is wrong. */

/** Runs something while `Date` is off by so many milliseconds; timers are not. */
export async function withShiftedClock(offsetMs: number, run: () => Promise<void>): Promise<void> {
  const RealDate = globalThis.Date
  const ShiftedDate = new Proxy(RealDate, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [RealDate.now() + offsetMs] : args, newTarget),
    get: (target, key, receiver) =>
      key === 'now' ? () => RealDate.now() + offsetMs : Reflect.get(target, key, receiver),
  })
  globalThis.Date = ShiftedDate
  try {
    await run()
  } finally {
    globalThis.Date = RealDate
  }
}
