/** Builds projects with installed flavor packages in temporary directories. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll } from 'vitest'

const made: string[] = []
afterAll(() => {
  for (const directory of made) rmSync(directory, { recursive: true, force: true })
})

/** Files by path relative to a directory: text, or what is written as JSON. */
export type Files = Readonly<Record<string, unknown>>

/** A fresh temporary directory, removed when the tests of the file are done. */
export function temporaryDirectory(): string {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'stack-host-')))
  made.push(directory)
  return directory
}

/** Writes files under a directory. */
export function writeFiles(directory: string, files: Files): void {
  for (const [path, content] of Object.entries(files)) {
    const file = join(directory, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
  }
}

/** A project in a temporary directory. */
export function project(files: Files): string {
  const directory = temporaryDirectory()
  writeFiles(directory, files)
  return directory
}

/** Links a directory the way package managers do. */
export function link(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true })
  symlinkSync(target, path, 'dir')
}

/** A manifest with one flavor, and what of it should be otherwise. */
export function manifest(
  flavor: Readonly<Record<string, unknown>> = {},
  rest: Readonly<Record<string, unknown>> = {},
): object {
  return {
    manifestVersion: 1,
    contract: 1,
    flavors: [
      {
        type: 'artifact-store',
        name: 's3',
        entry: './artifact-store',
        configSchema: './schemas/artifact-store.json',
        ...flavor,
      },
    ],
    ...rest,
  }
}

/** The package.json of a flavor package. */
export function flavorPackage(
  name: string,
  stack: unknown = manifest(),
  rest: Readonly<Record<string, unknown>> = {},
): object {
  return {
    name,
    version: '1.2.3',
    type: 'module',
    exports: { './artifact-store': './artifact-store.js', './package.json': './package.json' },
    stack,
    ...rest,
  }
}
