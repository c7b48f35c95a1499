/** A whole listing, page after page, as a driver hands it to core. */
import { compareKeys, type Page, StackError, sortKey } from '@stack/core'
import { Continuations } from './continuations.js'
import { type ListedPage, type Listing, toPage } from './listing-page.js'

/** A page, and where the next one begins; absent on the last. */
export interface ContinuedPage extends ListedPage {
  readonly continuation?: string | undefined
}

/**
 * Yields every page of a listing.
 * @param ask Asks for the page that begins there, for the first one without.
 * @throws StackError `unavailable` where keys are not below the prefix, come out of order, or never end.
 */
export async function* listPages(
  listing: Listing,
  ask: (continuation: string | undefined) => Promise<ContinuedPage>,
): AsyncGenerator<Page, void, undefined> {
  const continuations = new Continuations()
  let continuation: string | undefined
  let last = ''
  do {
    const asked = await ask(continuation)
    const page = goOn(toPage(listing, asked), last)
    const lastEntry = page.entries.at(-1)
    if (lastEntry !== undefined) last = sortKey(lastEntry)
    yield page
    continuation = asked.continuation
    if (continuation !== undefined) continuations.next(continuation, lastEntry !== undefined)
  } while (continuation !== undefined)
}

/** The page without what stood at the end of the page before: a directory that goes on. */
function goOn(page: Page, last: string): Page {
  const [first] = page.entries
  if (first === undefined || last === '') return page
  const order = compareKeys(sortKey(first), last)
  if (order > 0) return page
  if (order === 0) return { entries: page.entries.slice(1) }
  throw new StackError('unavailable', 'the server lists keys out of their order')
}
