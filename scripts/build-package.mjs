/** Builds the package in whose folder it is run, after tsc has written the types. */
import { bundlePackage } from './bundle-package.mjs'

await bundlePackage(process.cwd())
