/** The conditions of `exports` that this Node resolves by, beside those of the kind of import. */
import { parseArgs } from 'node:util'

/** Returns Node's own conditions, and those that its command line or `NODE_OPTIONS` adds by `--conditions`. */
export function nodeConditions(): readonly string[] {
  const given = [...(process.env.NODE_OPTIONS ?? '').split(/\s+/), ...process.execArgv]
  const { values } = parseArgs({
    args: given,
    options: { conditions: { type: 'string', short: 'C', multiple: true } },
    strict: false,
    allowPositionals: true,
  })
  const added = (values.conditions ?? []).filter((value) => typeof value === 'string')
  return ['node', 'node-addons', ...(process.features.require_module ? ['module-sync'] : []), ...added]
}
