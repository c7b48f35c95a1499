/** Opens a project's database file, also where its disk cannot be written. */
import { copyFileSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { isStackError } from '@stack/core'
import { Connection } from './connection.js'
import { migrate, readSchemaVersion, schemaVersion } from './migrations.js'
import { isBusy } from './to-stack-error.js'

/** How long to wait for another process that makes the database, in milliseconds. */
const creationTimeout = 30_000

/** Opens a database that exists; undefined where its making was begun and never completed. */
export function openDatabase(file: string): Connection | undefined {
  const connection = openReadable(file)
  try {
    const version = readSchemaVersion(connection)
    if (version > 0) {
      if (version < schemaVersion) connection.transaction(() => migrate(connection))
      return configured(connection)
    }
  } catch (error) {
    connection.close()
    throw error
  }
  connection.close()
  return undefined
}

/** Opens a database, or an empty file that shall become one, in WAL mode. */
export function openForWriting(file: string): Connection {
  const connection = new Connection(file, file)
  try {
    readSchemaVersion(connection)
    enterWalMode(connection)
    return configured(connection)
  } catch (error) {
    connection.close()
    throw error
  }
}

/** In WAL mode, NORMAL survives the end of the process at any moment; only a power cut may lose the last commits. */
function configured(connection: Connection): Connection {
  connection.script('PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;')
  return connection
}

/** The switch to WAL does not wait for other connections by itself, so it is tried again. */
function enterWalMode(connection: Connection): void {
  const deadline = Date.now() + creationTimeout
  for (;;) {
    try {
      connection.get('PRAGMA journal_mode = WAL')
      return
    } catch (error) {
      if (!isBusy(error) || Date.now() > deadline) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5 + Math.random() * 20)
    }
  }
}

function openReadable(file: string): Connection {
  const connection = new Connection(file, file)
  try {
    readSchemaVersion(connection)
    return connection
  } catch (error) {
    connection.close()
    if (!isStackError(error, 'permission-denied')) throw error
    return openOnReadOnlyDisk(file)
  }
}

/** A WAL database wants its `-shm` file written; where that cannot be, the file is read as immutable. */
function openOnReadOnlyDisk(file: string): Connection {
  if (sizeOf(`${file}-wal`) > 0) return openCopy(file)
  return new Connection(`${pathToFileURL(file).href}?immutable=1`, file)
}

/** What is still in the WAL is invisible to an immutable connection, so a copy is read in its place. */
function openCopy(file: string): Connection {
  const directory = mkdtempSync(join(tmpdir(), 'stack-project-'))
  try {
    const copy = join(directory, 'project.db')
    copyFileSync(file, copy)
    copyFileSync(`${file}-wal`, `${copy}-wal`)
    const connection = new Connection(copy, file)
    readSchemaVersion(connection)
    return connection
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}
