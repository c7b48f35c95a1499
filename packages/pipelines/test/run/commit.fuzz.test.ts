/** The door of `commit.json`: what is taken of it names nothing but the outputs of its own attempt. */
import assert from 'node:assert/strict'
import { isStackError } from '@stack/core'
import { damagedBytes, damagedJson, describeDoor } from '@stack/test-fuzz'
import fc from 'fast-check'
import { commitArtifacts, inputIds, outputIds } from '../../src/artifacts/commit-artifacts.js'
import { nameProblem } from '../../src/definition/name.js'
import { parseCommit } from '../../src/run/parse-commit.js'

const hash = `sha256:${'0a'.repeat(32)}`
const valid = {
  protocol: 1,
  run: 'r1',
  invocation: 'train',
  attempt: 2,
  token: '5e0c',
  startedAt: '2026-11-25T00:00:00.000Z',
  endedAt: '2026-11-25T00:00:01.000Z',
  inputs: { 'load.output': hash },
  outputs: {
    model: {
      uri: 'runs/r1/train/2/model',
      materializer: 'file',
      mediaType: 'application/octet-stream',
      size: 1234,
      contentHash: hash,
      metadata: { name: 'model.bin' },
    },
    loss: {
      uri: 'runs/r1/train/commit.json#/outputs/loss',
      materializer: 'json',
      mediaType: 'application/json',
      size: 3,
      contentHash: hash,
      value: { all: [0.1] },
    },
  },
  metadata: { rows: 10, deep: { columns: ['a'] } },
}

const texts = fc.oneof(
  damagedJson(valid).map((value) => JSON.stringify(value)),
  damagedBytes(JSON.stringify(valid)).map((bytes) => Buffer.from(bytes).toString()),
)

describeDoor('commit.json', texts, (text) => {
  try {
    const commit = parseCommit(text, { run: 'r1', invocation: 'train' })
    assert.ok(commit.run === 'r1' && commit.invocation === 'train' && Number.isSafeInteger(commit.attempt))
    for (const { id, uri, size, contentHash, metadata } of commitArtifacts(commit, {
      pipeline: 'p',
      artifactStore: 's',
    })) {
      assert.equal(nameProblem(id.slice('r1.train.'.length)), undefined)
      assert.match(uri, /^runs\/r1\/train\/(\d+\/|commit\.json#\/outputs\/)[A-Za-z_][A-Za-z0-9_-]*$/)
      assert.ok(size >= 0 && Number.isSafeInteger(size + 1))
      assert.match(contentHash, /^sha256:[0-9a-f]{64}$/)
      assert.equal(Object.getPrototypeOf(metadata), Object.prototype)
    }
    for (const id of [...inputIds(commit), ...Object.values(outputIds(commit))]) {
      assert.match(id, /^r1\.[A-Za-z_][\w-]*\.[A-Za-z_][\w-]*$/)
    }
  } catch (error) {
    if (!isStackError(error, 'checksum-mismatch') && !isStackError(error, 'unsupported')) throw error
    assert.ok(error.message.includes('runs/r1/train/commit.json') && error.message.length < 2000)
  }
  assert.equal(Object.keys(Object.prototype).length, 0)
})
