/** Adds up the JSON reports that vitest wrote into a folder, and prints them as one plain closing line. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const directory = process.argv[2]
const reports = readdirSync(directory).map((name) => JSON.parse(readFileSync(join(directory, name), 'utf8')))
const sum = (key) => reports.reduce((total, report) => total + report[key], 0)

// A suite that fails before its tests are collected has no test to count: it counts as one itself.
const failed = sum('numFailedTests') + reports.reduce((total, report) => total + brokenSuites(report), 0)
const skipped = sum('numPendingTests') + sum('numTodoTests')
console.log(`${sum('numPassedTests')} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`)

function brokenSuites(report) {
  return report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length
}
