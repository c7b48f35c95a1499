/** The local store's walk of 100,000 files against `find`. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { compareOperations } from './compare.mjs'
import { openLocalStore } from './peers.mjs'
import { makeDirectory } from './s3-large-files.mjs'

const directories = 1000
const filesEach = 100

export const localWalk = [
  {
    name: 'local-walk',
    async measure() {
      const root = makeDirectory()
      for (let directory = 0; directory < directories; directory += 1) {
        const path = join(root, `run-${directory}`, 'outputs')
        mkdirSync(path, { recursive: true })
        for (let file = 0; file < filesEach; file += 1) writeFileSync(join(path, `file-${file}`), '')
      }
      const store = await openLocalStore(root)
      return compareOperations({
        what: 'local walk of 100,000 files',
        bounds: { find: { atLeast: 0.8 } },
        rounds: 9,
        operations: {
          async ours() {
            let files = 0
            for await (const directory of store.walk('')) files += directory.files.length
            if (files !== directories * filesEach) throw new Error(`${files} files were found`)
          },
          find: () => execFileSync('find', [root], { stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 1024 ** 3 }),
        },
      })
    },
  },
]
