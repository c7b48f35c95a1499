/** The database of one project: opened on first use and made by the first write; reading one that is absent leaves no trace. */
import { existsSync } from 'node:fs'
import { type ComponentRecord, StackError, type StackRecord } from '@stack/core'
import { makeProjectDirectory } from '../root/project-directory.js'
import { insertComponent } from './component-table.js'
import { Connection } from './connection.js'
import { migrate } from './migrations.js'
import { openDatabase, openForWriting } from './open-database.js'
import { insertStack } from './stack-table.js'
import { databaseCorrupt } from './to-stack-error.js'

/** The records a new database starts with. */
export interface InitialRecords {
  readonly components: readonly ComponentRecord[]
  readonly stacks: readonly StackRecord[]
}

/** Where the database is and what a new one starts with. */
export interface ProjectDatabaseOptions {
  readonly root: string
  readonly file: string
  readonly initialRecords: () => InitialRecords
  /** Refuses to write. */
  readonly readOnly?: boolean
}

export class ProjectDatabase {
  readonly #options: ProjectDatabaseOptions
  /** The file, open, with its schema up to date. */
  #onDisk: Connection | undefined
  /** What stands for a file that is not there: the same schema and initial records, in memory. */
  #inMemory: Connection | undefined

  constructor(options: ProjectDatabaseOptions) {
    this.#options = options
  }

  /** The connection to read from; a project without a database shows what its first write will make. */
  read(): Connection {
    if (this.#onDisk === undefined && existsSync(this.#options.file)) this.#onDisk = openDatabase(this.#options.file)
    if (this.#onDisk !== undefined) return this.#onDisk
    this.#inMemory ??= this.#fill(new Connection(':memory:', this.#options.file))
    return this.#inMemory
  }

  /** The connection to write to; makes the project's directory and database where they are absent. */
  write(): Connection {
    if (this.#options.readOnly === true) throw openedForReading(this.#options.root)
    if (this.#onDisk === undefined && existsSync(this.#options.file)) this.#onDisk = openDatabase(this.#options.file)
    this.#onDisk ??= this.#create()
    return this.#onDisk
  }

  /** Reads all of the database; `database-corrupt` where something in it is not in order. */
  check(): void {
    const connection = this.read()
    const found = connection.get<{ quick_check: string }>('PRAGMA quick_check(1)')
    if (found?.quick_check !== 'ok') throw databaseCorrupt(this.#options.file)
  }

  close(): void {
    this.#onDisk?.close()
    this.#inMemory?.close()
    this.#onDisk = undefined
    this.#inMemory = undefined
  }

  #create(): Connection {
    makeProjectDirectory(this.#options.root)
    return this.#fill(openForWriting(this.#options.file))
  }

  /** Makes schema and initial records, unless another process was first. */
  #fill(connection: Connection): Connection {
    connection.transaction(() => {
      if (migrate(connection) > 0) return
      const initial = this.#options.initialRecords()
      for (const component of initial.components) insertComponent(connection, component)
      for (const stack of initial.stacks) insertStack(connection, stack)
    })
    return connection
  }
}

function openedForReading(root: string): StackError {
  return new StackError('permission-denied', `The project ${root} was opened for reading only.`)
}
