/**
 * Adds up the JSON reports that vitest wrote into a folder, and prints them as one plain closing line. It fails where a test was
 * skipped whose name does not declare it, `(skipped: <reason>)`, as what a store does not promise: neither silently, nor because
 * of the machine, `(skipped here: <reason>)`.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const directory = process.argv[2]
const reports = readdirSync(directory).map((name) => JSON.parse(readFileSync(join(directory, name), 'utf8')))
const sum = (key) => reports.reduce((total, report) => total + report[key], 0)

// A suite that fails before its tests are collected has no test to count: it counts as one itself.
const failed = sum('numFailedTests') + reports.reduce((total, report) => total + brokenSuites(report), 0)
const skipped = reports.flatMap(skippedTests)
const declared = skipped.filter((name) => /\(skipped: .+\)$/.test(name))
const silent = skipped.filter((name) => !declared.includes(name))

for (const name of silent) console.log(`must not be skipped: ${name}`)
const skips = [
  ...(silent.length === 0 ? [] : [`, ${silent.length} skipped`]),
  ...(declared.length === 0 ? [] : [`, ${declared.length} skipped with a reason`]),
]
console.log(`${sum('numPassedTests')} passed, ${failed} failed${skips.join('')}`)
process.exitCode = silent.length === 0 ? 0 : 1

function brokenSuites(report) {
  return report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length
}

function skippedTests(report) {
  return report.testResults
    .flatMap((file) => file.assertionResults)
    .filter(({ status }) => status !== 'passed' && status !== 'failed')
    .map(({ fullName }) => fullName)
}
