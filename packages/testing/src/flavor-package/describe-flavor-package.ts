/** The conformance kit of flavor packages: manifest, schemas, exports and code say the same. */
import { describe, test } from 'vitest'
import { flavorPackageCases } from './flavor-package-cases.js'
import { findPackageRoot, readManifest } from './flavor-package-files.js'

/**
 * Declares the tests of the flavor package a test file is in: `describeFlavorPackage(import.meta.url)`. The package must be
 * built, for what is tested is what its `exports` give.
 */
export function describeFlavorPackage(testFileUrl: string): void {
  const root = findPackageRoot(testFileUrl)
  describe(`flavor package ${readManifest(root).name}`, () => {
    for (const { name, run } of flavorPackageCases(root)) test(name, run, 60_000)
  })
}
