/** What the JSON of the server says, field by field: only what the store reads of it. */
import { StackError } from '@stack/core'
import { cutText, statedSize } from '@stack/object-http'
import type { ObjectResource } from './gcs-object.js'

/** A page of a listing. */
export interface ListAnswer {
  readonly items: readonly (ObjectResource & { readonly name: string })[]
  readonly prefixes: readonly string[]
  readonly nextPageToken?: string
}

/** How far a copy came. */
export interface RewriteAnswer {
  readonly done: boolean
  readonly rewriteToken?: string
  readonly copiedBytes: number
  readonly resource: ObjectResource
}

type Fields = Readonly<Record<string, unknown>>

/**
 * An object.
 * @throws StackError `unavailable` where a field is of another kind, as the others here do.
 */
export function readResource(value: unknown): ObjectResource {
  const fields = fieldsOf(value, 'an object')
  const size = fields.size === undefined ? undefined : String(statedSize(fields.size))
  const metadata = fields.metadata === undefined ? undefined : readMetadata(fields.metadata)
  const generation = readGeneration(fields.generation)
  return {
    ...texts(fields),
    ...(size === undefined ? {} : { size }),
    ...(generation === undefined ? {} : { generation }),
    ...(metadata === undefined ? {} : { metadata }),
  }
}

/** An object of which a size is told, as of all but those that are named alone. */
export function readSizedResource(value: unknown): ObjectResource {
  const resource = readResource(value)
  statedSize(resource.size)
  return resource
}

export function readListing(value: unknown, options: { readonly sized: boolean }): ListAnswer {
  const fields = fieldsOf(value, 'a listing')
  const items = arrayOf(fields, 'items').map((item) => readItem(item, options.sized))
  const prefixes = arrayOf(fields, 'prefixes').map((prefix) => {
    if (typeof prefix !== 'string') throw wrongField('prefixes', prefix)
    return prefix
  })
  const nextPageToken = textOf(fields, 'nextPageToken')
  return { items, prefixes, ...(nextPageToken ? { nextPageToken } : {}) }
}

/** One of a thousand: nothing is asked of it but these. */
function readItem(value: unknown, sized: boolean): ListAnswer['items'][number] {
  const fields = fieldsOf(value, 'an object')
  const { name } = fields
  if (typeof name !== 'string' || name === '') throw wrongField('name', name)
  if (!sized) return { name }
  const size = String(statedSize(fields.size))
  const generation = readGeneration(fields.generation)
  const updated = textOf(fields, 'updated')
  return {
    name,
    size,
    ...(generation === undefined ? {} : { generation }),
    ...(updated === undefined ? {} : { updated }),
  }
}

export function readRewrite(value: unknown): RewriteAnswer {
  const fields = fieldsOf(value, 'a copy')
  const { done } = fields
  if (typeof done !== 'boolean') throw wrongField('done', done)
  const rewriteToken = textOf(fields, 'rewriteToken')
  const copied = fields.totalBytesRewritten
  return {
    done,
    copiedBytes: copied === undefined ? 0 : statedSize(copied),
    resource: fields.resource === undefined ? {} : readResource(fields.resource),
    ...(rewriteToken ? { rewriteToken } : {}),
  }
}

const described = [
  'name',
  'updated',
  'contentType',
  'crc32c',
  'contentEncoding',
  'contentDisposition',
  'contentLanguage',
  'cacheControl',
] as const

/** What is text, as far as it is there. */
function texts(fields: Fields): ObjectResource {
  const found: [string, string][] = []
  for (const name of described) {
    const text = textOf(fields, name)
    if (text !== undefined) found.push([name, text])
  }
  return Object.fromEntries(found)
}

function textOf(fields: Fields, name: string): string | undefined {
  const value = fields[name]
  if (value === undefined || typeof value === 'string') return value
  throw wrongField(name, value)
}

/** Of 64 bits, and so written as text. */
function readGeneration(value: unknown): string | undefined {
  if (value === undefined || (typeof value === 'string' && /^\d{1,20}$/.test(value))) return value
  throw wrongField('generation', value)
}

function readMetadata(value: unknown): Readonly<Record<string, string>> {
  const entries = Object.entries(fieldsOf(value, 'metadata'))
  for (const [name, text] of entries) if (typeof text !== 'string') throw wrongField(`metadata.${name}`, text)
  return Object.fromEntries(entries) as Record<string, string>
}

function arrayOf(fields: Fields, name: string): readonly unknown[] {
  const value = fields[name]
  if (value === undefined) return []
  if (Array.isArray(value)) return value
  throw wrongField(name, value)
}

function fieldsOf(value: unknown, what: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields
  throw new StackError('unavailable', `the server did not answer with the JSON of ${what}`)
}

function wrongField(name: string, value: unknown): StackError {
  const shown = value === undefined ? 'nothing' : cutText(JSON.stringify(value) ?? typeof value)
  return new StackError('unavailable', `the server states no ${cutText(name)} that can be read: ${shown}`)
}
