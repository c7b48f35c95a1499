/** A project on disk: its components, stacks and run records. */
export { SqliteRecordStore } from './records/sqlite-record-store.js'
export { type FindProjectOptions, type FoundProject, findProject } from './root/find-project.js'
export { type InitialisedProject, initProject } from './root/init-project.js'
export { type ProjectPaths, projectPaths } from './root/project-directory.js'
