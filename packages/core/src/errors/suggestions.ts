/** "Did you mean": the nearest of the names that exist. */
import { distance } from 'fastest-levenshtein'

/** The candidate nearest to a misspelt name, or undefined where none is near (more than about a third of it differs). */
export function suggest(name: string, candidates: Iterable<string>): string | undefined {
  if (name.length > 200) return undefined
  let best: string | undefined
  let bestDistance = Math.max(2, Math.floor(name.length / 3)) + 1
  for (const candidate of candidates) {
    const near = distance(name.toLowerCase(), candidate.toLowerCase())
    if (near < bestDistance) {
      best = candidate
      bestDistance = near
    }
  }
  return best
}

/** A sentence to end a message with, ` Did you mean "x"?`, or an empty string. */
export function didYouMean(name: string, candidates: Iterable<string>): string {
  const near = suggest(name, candidates)
  return near === undefined ? '' : ` Did you mean "${near}"?`
}
