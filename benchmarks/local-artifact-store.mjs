/** The local artifact store against the same work done by hand with node:fs, on one disk, in alternating rounds. */
import { mkdir, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLog } from '@stack/core'
import { localArtifactStoreFlavor } from '@stack/flavor-local/artifact-store'

const rounds = 15
const directory = await mkdtemp(join(tmpdir(), 'stack-store-benchmark-'))
const byHand = join(directory, 'by-hand')
await mkdir(byHand)

const Store = await localArtifactStoreFlavor.load()
const openStore = (durable) =>
  new Store({
    id: 'store',
    name: 'store',
    config: localArtifactStoreFlavor.config.parse({ path: 'store', durable }),
    settings: {},
    projectRoot: directory,
    log: silentLog,
  })
const durable = openStore(true)
const fast = openStore(false)

const small = Buffer.alloc(1024, 'x')
const large = Buffer.alloc(1024 * 1024, 'x')
await writeFile(join(byHand, 'small'), small)
await writeFile(join(byHand, 'large'), large)
await fast.write('small', small)
await fast.write('large', large)

async function writeAndSync(path, bytes) {
  const file = await open(path, 'w')
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
  const parent = await open(byHand, 'r')
  try {
    await parent.sync()
  } finally {
    await parent.close()
  }
}

const median = (values) => values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)]

/** Microseconds of one call, in a round of so many calls one after the other. */
async function time(count, call) {
  const started = performance.now()
  for (let index = 0; index < count; index += 1) await call(index)
  return ((performance.now() - started) * 1000) / count
}

/** How many times as fast as by hand, by the medians of alternating rounds. */
async function compare({ what, atLeast, count, hand, store }) {
  const times = { hand: [], store: [] }
  for (let round = -1; round < rounds; round += 1) {
    const handTime = await time(count, (index) => hand(`${round}-${index}`))
    const storeTime = await time(count, (index) => store(`${round}-${index}`))
    if (round < 0) continue
    times.hand.push(handTime)
    times.store.push(storeTime)
  }
  const [handTime, storeTime] = [median(times.hand), median(times.store)]
  const ratio = handTime / storeTime
  console.log(
    `${what}: ${ratio.toFixed(2)} (store ${storeTime.toFixed(0)} µs, by hand ${handTime.toFixed(0)} µs, at least ${atLeast})`,
  )
  return { what, ratio, atLeast }
}

const ratios = [
  await compare({
    what: 'durable write of 1 KiB, speed against writeFile with fsync of file and directory',
    atLeast: 0.7,
    count: 20,
    hand: (name) => writeAndSync(join(byHand, `d${name}`), small),
    store: (name) => durable.write(`durable/d${name}`, small),
  }),
  await compare({
    what: 'write of 1 KiB with durable: false, speed against writeFile',
    atLeast: 0.45,
    count: 200,
    hand: (name) => writeFile(join(byHand, `f${name}`), small),
    store: (name) => fast.write(`fast/f${name}`, small),
  }),
  await compare({
    what: 'read of 1 KiB, speed against readFile',
    atLeast: 1.2,
    count: 500,
    hand: () => readFile(join(byHand, 'small')),
    store: () => fast.read('small'),
  }),
  await compare({
    what: 'read of 1 MiB, speed against readFile',
    atLeast: 1.2,
    count: 50,
    hand: () => readFile(join(byHand, 'large')),
    store: () => fast.read('large'),
  }),
]

const commits = []
for (let index = 0; index < 2000; index += 1) {
  commits.push(await time(1, () => fast.write(`runs/run/s${index}/commit.json`, small, { ifAbsent: true })))
}
const note = `A commit (1 KiB, ifAbsent, a new directory, durable: false) takes ${median(commits).toFixed(0)} µs at the median.`
console.log(note)

await rm(directory, { recursive: true, force: true })
console.log(JSON.stringify({ title: 'Local artifact store', ratios, notes: [note] }))
