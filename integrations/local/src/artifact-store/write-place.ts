/** Making something in a directory that another process may remove meanwhile. */
import { StackError } from '@stack/core'
import type { LocalPaths, WritePlace } from './local-paths.js'
import { systemCode } from './to-store-error.js'

/** Whoever removes a directory goes on to the next one: a few tries are enough, unless somebody does nothing else. */
const attempts = 100

/**
 * Makes the parents of a key and acts in them; where another process removed them in between, both are done again.
 * @throws StackError `unavailable` where the parents are removed again and again
 */
export function inPlace(paths: LocalPaths, key: string, act: (place: WritePlace) => void): WritePlace {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const place = paths.place(key)
      act(place)
      return place
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') throw error
      if (attempt === attempts) {
        throw new StackError('unavailable', 'another process removes its directory again and again', { cause: error })
      }
      paths.forgetRoot()
    }
  }
}
