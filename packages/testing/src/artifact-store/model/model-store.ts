/** A store as the contract describes it, in a few lines of plain maps: what real stores are compared with. */
import type { ErrorCode } from '@stack/core'

/** An answer: a value, or the code of an error. */
export type Answer = { readonly value: unknown } | { readonly code: ErrorCode }

const failure = (code: ErrorCode): Answer => ({ code })
const done: Answer = { value: undefined }

/** Files and directories where a name is one or the other, and a directory stays when it is emptied. */
export class ModelStore {
  readonly #files = new Map<string, string>()
  readonly #directories = new Set<string>([''])

  read(path: string): Answer {
    const content = this.#files.get(path)
    if (content !== undefined) return { value: content }
    return failure(this.#directories.has(path) ? 'is-a-directory' : 'not-found')
  }

  exists(path: string): Answer {
    return { value: this.#taken(path) }
  }

  write(path: string, content: string, ifAbsent: boolean): Answer {
    const blocked = this.#blocked(path)
    if (blocked !== null) return blocked
    if (this.#directories.has(path)) return failure('is-a-directory')
    if (ifAbsent && this.#files.has(path)) return failure('already-exists')
    this.#put(path, content)
    return done
  }

  listdir(path: string): Answer {
    if (!this.#directories.has(path)) return failure(this.#files.has(path) ? 'not-a-directory' : 'not-found')
    const prefix = path === '' ? '' : `${path}/`
    const names = [...this.#files.keys(), ...this.#directories]
      .filter((other) => other !== path && other.startsWith(prefix) && !other.slice(prefix.length).includes('/'))
      .map((other) => other.slice(prefix.length))
    return { value: names.sort() }
  }

  files(): Answer {
    return { value: [...this.#files.keys()].sort() }
  }

  copyfile(from: string, to: string, overwrite: boolean): Answer {
    if (to.startsWith(`${from}/`)) return failure('invalid-path')
    const source = this.read(from)
    if ('code' in source || from === to) return 'code' in source ? source : done
    const blocked = this.#blocked(to)
    if (blocked !== null) return blocked
    if (this.#directories.has(to)) return failure('is-a-directory')
    if (!overwrite && this.#files.has(to)) return failure('already-exists')
    this.#put(to, source.value as string)
    return done
  }

  rename(from: string, to: string, overwrite: boolean): Answer {
    if (!this.#taken(from)) return failure('not-found')
    if (from === to) return done
    if (to.startsWith(`${from}/`)) return failure('invalid-path')
    const file = this.#files.get(from)
    if (this.#taken(to) && !overwrite) return failure('already-exists')
    if (file !== undefined && this.#directories.has(to)) return failure('is-a-directory')
    if (file === undefined && this.#files.has(to)) return failure('not-a-directory')
    if (file === undefined && this.#below(to).length > 0) return failure('directory-not-empty')
    const blocked = this.#blocked(to)
    if (blocked !== null) return blocked
    if (file !== undefined) {
      this.#files.delete(from)
      this.#put(to, file)
    } else this.#moveDirectory(from, to)
    return done
  }

  mkdir(path: string): Answer {
    if (this.#taken(path)) return failure('already-exists')
    const blocked = this.#blocked(path)
    if (blocked !== null) return blocked
    this.#makeParents(`${path}/`)
    return done
  }

  remove(path: string): Answer {
    if (this.#files.delete(path)) return done
    return failure(this.#directories.has(path) ? 'is-a-directory' : 'not-found')
  }

  rmtree(path: string): Answer {
    if (!this.#directories.has(path)) return failure(this.#files.has(path) ? 'not-a-directory' : 'not-found')
    for (const key of this.#below(path)) {
      this.#files.delete(key)
      this.#directories.delete(key)
    }
    this.#directories.delete(path)
    return done
  }

  #taken(path: string): boolean {
    return this.#files.has(path) || this.#directories.has(path)
  }

  /** What stands below a file cannot be. */
  #blocked(path: string): Answer | null {
    const segments = path.split('/')
    const above = segments.slice(1).map((_, index) => segments.slice(0, index + 1).join('/'))
    return above.some((parent) => this.#files.has(parent)) ? failure('not-a-directory') : null
  }

  #below(path: string): string[] {
    return [...this.#files.keys(), ...this.#directories].filter((key) => key.startsWith(`${path}/`))
  }

  #put(path: string, content: string): void {
    this.#makeParents(path)
    this.#files.set(path, content)
  }

  #makeParents(path: string): void {
    for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1)) {
      this.#directories.add(path.slice(0, slash))
    }
  }

  #moveDirectory(from: string, to: string): void {
    for (const key of [from, ...this.#below(from)]) {
      const moved = `${to}${key.slice(from.length)}`
      const file = this.#files.get(key)
      this.#files.delete(key)
      this.#directories.delete(key)
      if (file !== undefined) this.#put(moved, file)
      else this.#makeParents(`${moved}/`)
    }
  }
}
