/** Ages as they are typed. */
import { StackError } from '@stack/core'

const units = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/**
 * Milliseconds of `90s`, `30m`, `12h`, `7d`, or `0`.
 * @throws StackError `usage`
 */
export function parseAge(text: string): number {
  if (text === '0') return 0
  const [, count = '', unit = ''] = /^(\d{1,6}(?:\.\d{1,3})?)([smhd])$/.exec(text) ?? []
  if (count !== '') return Number(count) * units[unit as keyof typeof units]
  throw new StackError('usage', `${JSON.stringify(text.slice(0, 100))} is no age.`, {
    hint: 'Write a number and a unit: 90s, 30m, 12h, 7d.',
  })
}
