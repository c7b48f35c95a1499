/** A driver that is watched, or has something done after its calls. */
import type { ArtifactStoreDriver } from '@stack/core'

/** The primitives of a driver that are functions. */
export type Primitive = Exclude<keyof ArtifactStoreDriver, 'capabilities' | 'crc'>

/** Counts the calls of a primitive from now on. */
export function countCalls(driver: ArtifactStoreDriver, name: Primitive): () => number {
  let calls = 0
  wrap(driver, name, (call) => {
    calls += 1
    return call()
  })
  return () => calls
}

/** Does something whenever an object, or a step of a driver, has been made: before whoever asked for it knows. */
export function doAfter(target: object, name: string, act: (options: unknown) => Promise<void> | void): void {
  wrap(target, name, async (call, options) => {
    const result = await call()
    await act(options)
    return result
  })
}

function wrap(target: object, name: string, around: (call: () => unknown, options: unknown) => unknown): void {
  const original: unknown = Reflect.get(target, name)
  if (typeof original !== 'function') return
  Reflect.set(target, name, (...given: unknown[]) => {
    return around(() => Reflect.apply(original, target, given), given.at(-1))
  })
}
