/** The package.json files that discovery reads. */
import { dirname, join } from 'node:path'
import { isPackageName, type PackageManifest, parseManifest } from '../../flavor/manifest.js'
import { plainText } from '../../flavor/plain-text.js'
import type { ConsultedPaths } from './consulted-paths.js'

/** A package that declares flavors, or fails to. */
export interface FlavorPackage {
  /** Its real directory. */
  readonly root: string
  readonly name: string
  readonly version: string
  readonly manifest: PackageManifest
}

/** Reads a package.json as an object; undefined where it is absent or no JSON object. */
export function readPackageJson(paths: ConsultedPaths, file: string): Record<string, unknown> | undefined {
  const text = paths.readText(file)
  return text === null || text === 'too-large' ? undefined : parseObject(text)
}

/** Reads a package as a flavor package; undefined where it is none. */
export function readFlavorPackage(paths: ConsultedPaths, directory: string, name: string): FlavorPackage | undefined {
  const text = paths.readText(join(directory, 'package.json'))
  // Most packages are no flavors: looking for the key is cheaper than parsing each.
  if (text === null || (text !== 'too-large' && !text.includes('"stack"'))) return undefined
  if (text === 'too-large') {
    return /(?:^|\/)(?:stack-)?flavor-/.test(name)
      ? broken(paths, directory, name, 'its package.json is larger than 1 MiB')
      : undefined
  }
  const json = parseObject(text)
  if (json === undefined) {
    return text.includes('"manifestVersion"')
      ? broken(paths, directory, name, 'its package.json is no valid JSON')
      : undefined
  }
  const manifest = parseManifest(json.stack)
  if (manifest === undefined) return undefined
  return {
    root: paths.realpath(directory),
    name: isPackageName(json.name) ? json.name : name,
    version: plainText(json.version, 100),
    manifest,
  }
}

/**
 * The package of a name as Node would find it from a directory: in the nearest `node_modules` upward.
 * @throws StackError `permission-denied` where that is somebody else's, above the project.
 */
export function findPackage(paths: ConsultedPaths, from: string, name: string): string | undefined {
  for (const directory of upward(from)) {
    const modules = join(directory, 'node_modules')
    if (!paths.exists(join(modules, name, 'package.json'))) continue
    paths.requireTrusted(modules)
    return join(modules, name)
  }
  return undefined
}

/** A directory and each above it. */
export function upward(from: string): readonly string[] {
  const directories = [from]
  for (let parent = dirname(from); parent !== directories.at(-1); parent = dirname(parent)) directories.push(parent)
  return directories
}

function broken(paths: ConsultedPaths, directory: string, name: string, reason: string): FlavorPackage {
  const invalid = [{ type: 'unknown', name: 'unknown', reason }]
  return {
    root: paths.realpath(directory),
    name,
    version: '',
    manifest: { contract: 0, flavors: [], invalid, extends: [] },
  }
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}
