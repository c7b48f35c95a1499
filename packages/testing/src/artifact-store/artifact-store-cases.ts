/** Every case of the kit of artifact stores. */
import { abortingCases } from './cases/aborting.js'
import { concurrencyCases } from './cases/concurrency.js'
import { damageCases } from './cases/damage.js'
import { droppingCases } from './cases/dropping.js'
import { failingServerCases } from './cases/failing-server.js'
import { foreignKeyCases } from './cases/foreign-keys.js'
import { globbingCases } from './cases/globbing.js'
import { interruptedRenameCases } from './cases/interrupted-renames.js'
import { listingCases } from './cases/listing.js'
import { lyingSourceCases } from './cases/lying-sources.js'
import { markerCases } from './cases/markers.js'
import { metadataCases } from './cases/metadata.js'
import { movingCases } from './cases/moving.js'
import { partCases } from './cases/parts.js'
import { pathCases } from './cases/paths.js'
import { presigningCases } from './cases/presigning.js'
import { publishedCases } from './cases/published.js'
import { readingCases } from './cases/reading.js'
import { rootCases } from './cases/roots.js'
import { sourceCases } from './cases/sources.js'
import { timeLimitCases } from './cases/time-limits.js'
import { transferCases } from './cases/transfers.js'
import { unreadStreamCases } from './cases/unread-streams.js'
import { vanishingCases } from './cases/vanishing.js'
import { verifyingCases } from './cases/verifying.js'
import { writerCases } from './cases/writers.js'
import { writingCases } from './cases/writing.js'
import { modelCases } from './model/model-cases.js'
import type { StoreCase } from './store-case.js'

/** Every case there is, in the order in which they run. */
export const artifactStoreCases: readonly StoreCase[] = [
  ...readingCases,
  ...writingCases,
  ...writerCases,
  ...metadataCases,
  ...sourceCases,
  ...lyingSourceCases,
  ...partCases,
  ...transferCases,
  ...pathCases,
  ...listingCases,
  ...globbingCases,
  ...foreignKeyCases,
  ...markerCases,
  ...vanishingCases,
  ...movingCases,
  ...interruptedRenameCases,
  ...rootCases,
  ...abortingCases,
  ...timeLimitCases,
  ...publishedCases,
  ...unreadStreamCases,
  ...droppingCases,
  ...concurrencyCases,
  ...failingServerCases,
  ...damageCases,
  ...presigningCases,
  ...verifyingCases,
  ...modelCases,
]
