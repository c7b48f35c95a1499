/** How large the parts of an upload are: what the caller wants, within what the store takes. */
import { StackError } from '../errors/stack-error.js'
import type { MultipartUpload } from './driver.js'
import type { Transfer } from './transfer-options.js'

type PartRules = Pick<MultipartUpload, 'partSize' | 'maxParts'>

/**
 * The size of the parts of something whose size is known: larger than asked for where the store takes no such many.
 * @throws StackError `unsupported` where the parts cannot hold it.
 */
export function equalPartSize(rules: PartRules, size: number, wanted: number): number {
  const fitting = fit(rules, Math.max(wanted, Math.ceil(size / rules.maxParts)))
  if (fitting * rules.maxParts < size) throw tooLong(rules)
  return fitting
}

/**
 * The size of a part of something whose size nobody knows. The first half of the parts are as wanted; after that they
 * double, again and again, as far as the memory goes, so that the parts last.
 * @throws StackError `unsupported` where all parts are used up.
 */
export function growingPartSize(rules: PartRules, number: number, transfer: Transfer): number {
  if (number > rules.maxParts) throw tooLong(rules)
  const half = Math.ceil(rules.maxParts / 2)
  const doublings = number <= half ? 0 : Math.ceil(((number - half) * 16) / rules.maxParts)
  return fit(rules, Math.min(transfer.partSize * 2 ** doublings, transfer.memory))
}

function fit({ partSize: { min, max, multiple = 1 } }: PartRules, wanted: number): number {
  const size = Math.ceil(Math.min(Math.max(wanted, min), max) / multiple) * multiple
  return size <= max ? size : Math.floor(max / multiple) * multiple
}

/** The error for more bytes than the parts can hold. */
export function tooLong(rules: PartRules): StackError {
  return new StackError('unsupported', `it does not fit into ${rules.maxParts} parts of this size`, {
    hint: 'Pass a larger partSize, or write { file } instead of a stream.',
  })
}
