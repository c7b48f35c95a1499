/** The database's schema, as the steps by which it grew; `user_version` counts those that were applied. */
import { StackError } from '@stack/core'
import type { Connection } from './connection.js'
import { databaseCorrupt } from './to-stack-error.js'

/** Marks a database as ours ("STCK"). */
const applicationId = 0x53_54_43_4b

/** Append only: a migration that was released is never edited. */
const migrations: readonly string[] = [
  `
  CREATE TABLE component (
    id TEXT PRIMARY KEY,
    type TEXT NOT NULL,
    name TEXT NOT NULL,
    flavor TEXT NOT NULL,
    package TEXT,
    version TEXT,
    config_version INTEGER NOT NULL,
    config TEXT NOT NULL,
    settings TEXT NOT NULL,
    revision INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    UNIQUE (type, name)
  ) STRICT;

  CREATE TABLE stack (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    revision INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
  ) STRICT;

  CREATE TABLE stack_component (
    stack TEXT NOT NULL REFERENCES stack (id) ON DELETE CASCADE,
    type TEXT NOT NULL,
    position INTEGER NOT NULL,
    component TEXT NOT NULL REFERENCES component (id),
    PRIMARY KEY (stack, type, position)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX stack_component_component ON stack_component (component);

  CREATE TABLE source_flavor (
    id TEXT PRIMARY KEY,
    type TEXT NOT NULL,
    name TEXT NOT NULL,
    source TEXT NOT NULL,
    manifest TEXT NOT NULL,
    files TEXT NOT NULL,
    revision INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    UNIQUE (type, name)
  ) STRICT;

  CREATE TABLE run (
    sequence INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    pipeline TEXT NOT NULL,
    stack TEXT NOT NULL,
    status TEXT NOT NULL,
    started_at TEXT NOT NULL,
    ended_at TEXT,
    params TEXT NOT NULL,
    settings TEXT NOT NULL,
    metadata TEXT NOT NULL,
    artifact_store TEXT NOT NULL,
    owner TEXT,
    error TEXT,
    revision INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
  ) STRICT;
  CREATE INDEX run_pipeline ON run (pipeline);
  CREATE INDEX run_status ON run (status);

  CREATE TABLE step_run (
    run TEXT NOT NULL,
    invocation TEXT NOT NULL,
    step TEXT NOT NULL,
    position INTEGER NOT NULL,
    status TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    cached INTEGER NOT NULL,
    started_at TEXT,
    ended_at TEXT,
    outputs TEXT NOT NULL,
    inputs TEXT NOT NULL,
    metadata TEXT NOT NULL,
    error TEXT,
    PRIMARY KEY (run, invocation)
  ) STRICT;

  CREATE TABLE artifact (
    sequence INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    version INTEGER NOT NULL,
    uri TEXT NOT NULL,
    artifact_store TEXT NOT NULL,
    run TEXT NOT NULL,
    invocation TEXT NOT NULL,
    output TEXT NOT NULL,
    materializer TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size INTEGER NOT NULL,
    content_hash TEXT NOT NULL,
    metadata TEXT NOT NULL,
    created_at TEXT NOT NULL,
    UNIQUE (name, version),
    UNIQUE (run, invocation, output)
  ) STRICT;
  `,
]

/** The version of the schema this program writes. */
export const schemaVersion = migrations.length

/** The version of an open database: 0 for an empty one. Throws `database-newer` or, where it is not ours, `database-corrupt`. */
export function readSchemaVersion(connection: Connection): number {
  const version = connection.get<{ user_version: number }>('PRAGMA user_version')?.user_version ?? 0
  const application = connection.get<{ application_id: number }>('PRAGMA application_id')?.application_id ?? 0
  const foreign = version === 0 ? hasTables(connection) : application !== applicationId
  if (foreign) throw databaseCorrupt(connection.file)
  if (version > schemaVersion) throw databaseNewer(connection.file, version)
  return version
}

/** Brings the schema up to date; to be called in a transaction. Gives the version it found. */
export function migrate(connection: Connection): number {
  const version = readSchemaVersion(connection)
  for (const migration of migrations.slice(version)) connection.script(migration)
  if (version < schemaVersion)
    connection.script(`PRAGMA user_version = ${schemaVersion}; PRAGMA application_id = ${applicationId};`)
  return version
}

function hasTables(connection: Connection): boolean {
  return connection.get('SELECT name FROM sqlite_schema LIMIT 1') !== undefined
}

function databaseNewer(file: string, version: number): StackError {
  return new StackError(
    'database-newer',
    `The project's database ${file} was written by a newer version of the program (schema ${version}, this one knows ${schemaVersion}).`,
    { hint: 'Update the program: npm install @stack/cli@latest', details: { file, version, known: schemaVersion } },
  )
}
