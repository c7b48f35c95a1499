/**
 * Writes one object after the other, two at a time, until it is killed:
 * `node upload-objects.mjs <JSON of the place> <directory for files>`.
 * It prints a line when it begins, and one for each object. An object's name says what must be in it: `<number>-<bytes>-<sha256>`.
 */
import { createHash, randomBytes, randomInt } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openStore } from './open-store.mjs'

const [place, directory] = [JSON.parse(process.argv[2]), process.argv[3]]
const store = await openStore(place)
const material = randomBytes(24 * 2 ** 20)
const options = { partSize: 5 * 2 ** 20 }

/** The ways of writing, each from other sources. */
const ways = [
  (key, bytes) => store.write(key, bytes, options),
  async (key, bytes) => {
    const writer = await store.writer(key, options)
    for (let start = 0; start < bytes.length; start += 2 ** 20)
      await writer.write(bytes.subarray(start, start + 2 ** 20))
    await writer.close()
  },
  async (key, bytes) => {
    const file = join(directory, key)
    await writeFile(file, bytes)
    await store.upload(file, key, options)
  },
]

let written = 0
async function writeForEver() {
  for (;;) {
    const number = ++written
    // One in four is small enough for a single request.
    const size = number % 4 === 0 ? randomInt(1, 2 ** 20) : randomInt(6 * 2 ** 20, material.length)
    const bytes = material.subarray(0, size)
    const hash = createHash('sha256').update(bytes).digest('hex')
    await ways[number % ways.length](`${process.pid}-${number}-${size}-${hash}`, bytes)
    process.stdout.write('written\n')
  }
}

process.stdout.write('ready\n')
await Promise.all([writeForEver(), writeForEver()])
