/**
 * The formats that are asserted. Each accepts what zod's schema of that name accepts, or more where a `pattern` beside it
 * narrows it; the expressions are zod's (`zod/v4/core/regexes`) and none of them backtracks without bound.
 */
import { isIP } from 'node:net'

const date = '\\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])'
const time = '(?:[01]\\d|2[0-3]):[0-5]\\d(?::[0-5]\\d(?:\\.\\d+)?)?'

const expressions: Readonly<Record<string, RegExp>> = {
  'date-time': new RegExp(`^${date}[Tt]${time}(?:[Zz]|[+-](?:[01]\\d|2[0-3]):?[0-5]\\d)?$`),
  time: new RegExp(`^${time}(?:[Zz]|[+-](?:[01]\\d|2[0-3]):[0-5]\\d)?$`),
  duration: /^P(?:(\d+W)|(?!.*W)(?=\d|T\d)(\d+Y)?(\d+M)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+([.,]\d+)?S)?)?)$/,
  email: /^(?!\.)(?!.*\.\.)(?:[^\s@"]+)@(?:\[[^\s\]]+\]|[^\s@.]+(?:\.[^\s@.]+)*)$/,
  hostname:
    /^(?=.{1,253}\.?$)[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[-0-9a-zA-Z]{0,61}[0-9a-zA-Z])?)*\.?$/,
  uuid: /^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$/,
}

const checks: Readonly<Record<string, (text: string) => boolean>> = {
  // zod trims a URL and drops tabs and line breaks from it: a text that this would change is refused.
  uri: (text) => !/^\s|\s$|[\t\r\n]/.test(text) && URL.canParse(text),
  date: isDate,
  ipv4: (text) => isIP(text) === 4,
  ipv6: (text) => isIP(text) === 6 && !text.includes('%'),
}

const textLimit = 65_536

/** Formats for which zod writes a pattern outside RE2's syntax that says what the format's own check says. */
export const formatsWithoutPattern: readonly string[] = ['duration', 'hostname']

/** Says whether a format is one that is asserted. */
export function isAssertedFormat(format: string): boolean {
  return Object.hasOwn(expressions, format) || Object.hasOwn(checks, format)
}

/** Says whether a text has a format; one that is not asserted says nothing. */
export function hasFormat(format: string, text: string): boolean {
  if (text.length > textLimit) return !isAssertedFormat(format)
  if (Object.hasOwn(expressions, format)) return expressions[format]?.test(text) === true
  if (Object.hasOwn(checks, format)) return checks[format]?.(text) === true
  return true
}

function isDate(text: string): boolean {
  if (!new RegExp(`^${date}$`).test(text)) return false
  // JavaScript rolls a day that a month does not have over into the next month.
  return new Date(`${text}T00:00:00Z`).getUTCDate() === Number(text.slice(8))
}
