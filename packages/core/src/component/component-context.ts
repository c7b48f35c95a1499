/** What a component is constructed with. */
import type { Log } from './log.js'

/** Everything a component knows of itself; config and settings are parsed, resolved and deeply frozen. */
export interface ComponentContext<Config = unknown, Settings = unknown> {
  /** The record's id. */
  readonly id: string
  /** The registered name. */
  readonly name: string
  readonly config: Config
  readonly settings: Settings
  /** Absolute path of the project, from which relative paths in a config are read. */
  readonly projectRoot: string
  readonly log: Log
}
