import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { copyProject } from './project-copy.js'

it('shows its commands, the scores, the accuracy and where the report is, as often as it is run', {
  timeout: 120_000,
}, async () => {
  await using project = await copyProject()
  for (const _ of ['first', 'again']) {
    const printed = await project.node('quickstart.mjs')
    expect(printed.match(/^\$ npx stack .*$/gm)).toEqual([
      '$ npx stack init',
      '$ npx stack run pipeline.ts#train',
      '$ npx stack artifact get train/evaluate-forest/output',
      '$ npx stack artifact get train/write-report/output > report.html',
    ])
    expect(printed).toMatch(/write-report\s+completed/)
    expect(printed).toMatch(/^Adelie +0\.\d{3} +0\.\d{3} +0\.\d{3} +45$/m)
    expect(printed).toMatch(/^Accuracy {2}9\d\.\d % \(baseline 44\.1 %\)$/m)
    expect(printed).toContain(`Report    ${join(project.directory, 'report.html')}`)
    expect(await readFile(join(project.directory, 'report.html'), 'utf8')).toMatch(/^<!doctype html>/)
  }
})
