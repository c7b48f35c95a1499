/** What the cache keeps beside a bundle: of what it was made, and how each of its files is recognised. */

/** A file of a bundle. */
export interface KeptOutput {
  /** Bytes. */
  readonly size: number
  /** `sha256:<hex>`. */
  readonly hash: string
}

/** What is kept of a bundle. */
export interface KeptBundle {
  /** The entry's file name among the outputs. */
  readonly entry: string
  /** By file name. */
  readonly outputs: Readonly<Record<string, KeptOutput>>
  /** `sha256:<hex>` of each source file, by absolute path. */
  readonly files: Readonly<Record<string, string>>
  /** What else decided how imports are resolved and compiled: signatures by path, null for what was absent. */
  readonly consulted: Readonly<Record<string, string | null>>
}

/** Raised when what is kept, or how bundles are made, changes. */
export const format = 4

/** The text of a kept bundle. */
export function formatKeptBundle(kept: KeptBundle): string {
  return JSON.stringify({ format, ...kept })
}

/** Reads a kept bundle; undefined where the text is damaged or of another version. */
export function parseKeptBundle(text: string): KeptBundle | undefined {
  const value = parseJson(text)
  if (!isRecord(value, () => true) || value.format !== format) return undefined
  const { entry, outputs, files, consulted } = value
  if (!isRecord(outputs, isOutput) || !Object.keys(outputs).every(isFileName)) return undefined
  if (typeof entry !== 'string' || !Object.hasOwn(outputs, entry)) return undefined
  if (!isRecord(files, isHash) || !isRecord(consulted, isSignature)) return undefined
  return { entry, outputs, files, consulted }
}

/** A name that leads nowhere else: those that esbuild gives, `entry-[hash].mjs` for instance. */
function isFileName(name: string): boolean {
  return /^[\w-]+(\.[\w-]+)+$/.test(name)
}

function isOutput(value: unknown): value is KeptOutput {
  return isRecord(value, () => true) && Number.isSafeInteger(value.size) && isHash(value.hash)
}

function isHash(value: unknown): value is string {
  return typeof value === 'string' && /^sha256:[0-9a-f]{64}$/.test(value)
}

function isSignature(value: unknown): value is string | null {
  return value === null || typeof value === 'string'
}

function isRecord<T>(value: unknown, isValue: (value: unknown) => value is T): value is Record<string, T>
function isRecord(value: unknown, isValue: (value: unknown) => boolean): value is Record<string, unknown>
function isRecord(value: unknown, isValue: (value: unknown) => boolean): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every(isValue)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
