/** `stack version`. */
import { readFileSync } from 'node:fs'
import { contract } from '@stack/core'
import type { CommandDefinition, CommandResult } from '../program/command.js'

/** Shows the versions of the program and of what it runs on. */
export const version: CommandDefinition = {
  run: async () => versionResult(),
}

/** What `stack version` and `stack --version` print. */
export function versionResult(): CommandResult {
  const own = programVersion()
  return {
    data: { version: own, contract, node: process.versions.node, platform: `${process.platform}-${process.arch}` },
    names: [own],
    view: { kind: 'text', text: own },
  }
}

/** The version in the program's package.json, which lies beside or above the bundle. */
function programVersion(): string {
  for (const path of ['../package.json', '../../package.json']) {
    try {
      const manifest = JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as { version?: unknown }
      if (typeof manifest.version === 'string') return manifest.version
    } catch {}
  }
  return 'unknown'
}
