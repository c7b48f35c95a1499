/** Bundles core, with a zod that is read as far as it is needed. */
import { fileURLToPath } from 'node:url'
import { bundlePackage } from '../../scripts/bundle-package.mjs'
import { leanZod } from './lean-zod.mjs'

await bundlePackage(fileURLToPath(new URL('.', import.meta.url)), {
  plugins: [await leanZod()],
  inlined: ['zod'],
})
