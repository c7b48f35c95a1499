/** How long a server's answers may be, and the errors for those that are none. */
import { StackError } from '@stack/core'
import { cutText } from './foreign-text.js'

const kibibyte = 1024

/** The most bytes of an answer that is held as a whole. */
export const answerLimits = {
  /** An error, and what should be empty. */
  error: 64 * kibibyte,
  /** What describes one object or upload. */
  description: 1024 * kibibyte,
  /** A page of a listing, and what says of a thousand keys how they fared. */
  listing: 64 * 1024 * kibibyte,
} as const

/** The error for an answer that does not end where it should. */
export function answerTooLong(status: number, limit: number): StackError {
  const size = limit < kibibyte ** 2 ? `${limit / kibibyte} KiB` : `${limit / kibibyte ** 2} MiB`
  return new StackError('unavailable', `the server answered ${status} with more than ${size}`)
}

/** The error for an answer of another kind than `expected`, with what came instead. */
export function strangeAnswer(expected: string, text: string): StackError {
  const words = cutText(text)
  return new StackError(
    'unavailable',
    `the server did not answer with ${expected}${words === '' ? '' : `: ${words}`}`,
    {
      hint: 'Check the endpoint of the store, and what stands between it and this machine.',
    },
  )
}

/**
 * Parses JSON.
 * @throws StackError `unavailable` where it is none.
 */
export function parseAnswer(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw strangeAnswer('JSON', text)
  }
}
