/** Flavors and a pipeline that tell the secret they were given in every way there is, as sources of a project. */

/** A store that leaks where `STACK_LEAK` says. */
export const leaking = `import { ArtifactStore, StackError, defineFlavor, secret, z } from '@stack/core'

const leak = process.env.STACK_LEAK
const base64 = (before: string, text: string) => Buffer.from(before + text).toString('base64')
const forms: Record<string, (text: string) => string> = {
  raw: (text) => text,
  base64: (text) => base64('', text),
  'base64, one byte later': (text) => base64('u', text),
  'base64, two bytes later': (text) => base64('me', text),
  base64url: (text) => Buffer.from(text).toString('base64url'),
  hex: (text) => Buffer.from(text).toString('hex'),
  percent: (text) => encodeURIComponent(text),
  'lower-case percent': (text) => encodeURIComponent(text).replace(/%../g, (code) => code.toLowerCase()),
  form: (text) => new URLSearchParams({ text }).toString(),
  json: (text) => JSON.stringify({ text }),
}

class Leaking extends ArtifactStore<{ path: string; token: { reveal(): string } }> {
  connect() {
    const token = this.config.token.reveal()
    const shown = Object.entries(forms).map(([name, form]) => name + ': ' + form(token)).join('; ')
    if (leak === 'connect') throw new Error('boom ' + shown)
    if (leak === 'stack-error') {
      throw new StackError('unavailable', 'boom ' + shown, {
        hint: 'try ' + shown,
        problems: [{ path: 'at.' + shown, message: 'why ' + shown }, { path: '', message: token }],
        details: { [token]: [token], shown },
        cause: new Error('caused by ' + token, { cause: new TypeError('deep ' + shown) }),
      })
    }
    if (leak === 'console') {
      console.log('log ' + token)
      console.error('error ' + token)
      for (const piece of token) process.stdout.write(piece)
      process.stderr.write(Buffer.from(token + '\\n'))
      process.emitWarning('warned ' + token)
    }
    if (leak === 'exception') setTimeout(() => { throw new Error('uncaught ' + token) }, 0)
    if (leak === 'rejection') void Promise.reject(new Error('unhandled ' + token))
    const fail = () => { if (leak === 'driver') throw new Error('boom ' + shown) }
    return {
      capabilities: { conditionalCreate: true, conditionalUpdate: true, rename: 'copy-delete', caseSensitive: true,
        emptyDirectories: false, fileAndDirectory: true, metadata: true, presign: false, multipart: false },
      head: async () => fail() ?? null, get: async () => fail() ?? null,
      put: async () => { fail(); if (leak !== '') await new Promise((resolve) => setTimeout(resolve, 100)); return { size: 1 } },
      copy: async () => fail(), list: async function* () { fail() }, delete: async () => ({ failed: [] }),
    }
  }
}

export const flavor = defineFlavor({
  type: 'artifact-store', name: 'leaking', description: 'Leaks.',
  config: z.strictObject({ path: z.string(), token: secret() }),
  load: async () => Leaking,
})
`

/** An orchestrator that knows the same secret, and whose hooks tell it to whoever asks. */
export const telling = `import { DrivenOrchestrator, defineFlavor, secret, z } from '@stack/core'

class Telling extends DrivenOrchestrator<{ token: { reveal(): string } }> {
  driveOptions() {
    return { concurrency: 1, graceMs: 1000 }
  }
  async launchAttempt(ref, host, options) {
    if (process.env.STACK_LEAK === 'launch') throw new Error('launched with ' + this.config.token.reveal())
    return host.executeStep(ref, options)
  }
  prepareStepRun() {
    console.log('prepared with ' + this.config.token.reveal())
  }
  stepRunMetadata() {
    return { [this.config.token.reveal()]: 'step ' + this.config.token.reveal() }
  }
  pipelineRunMetadata() {
    return { [this.config.token.reveal()]: 'run ' + this.config.token.reveal() }
  }
  cleanupStepRun() {
    throw new Error('cleaned up with ' + this.config.token.reveal())
  }
  validateStack() {
    return [{ path: this.config.token.reveal(), message: 'invalid for ' + this.config.token.reveal() }]
  }
}

export const flavor = defineFlavor({
  type: 'orchestrator', name: 'telling', description: 'Tells.', config: z.strictObject({ token: secret() }),
  load: async () => Telling,
})
`

/** A working store that knows the secret, for steps in processes of their own. */
export const kept = `import { defineFlavor, secret, z } from '@stack/core'
import { localArtifactStoreFlavor } from '@stack/flavor-local/artifact-store'

export const flavor = defineFlavor({
  type: 'artifact-store', name: 'kept', description: 'Keeps.',
  config: z.strictObject({ path: z.string(), durable: z.boolean(), token: secret() }),
  load: async () => class extends (await localArtifactStoreFlavor.load()) {
    prepareStepRun() {
      const token = this.config.token.reveal()
      this.log.warn('prepared with ' + token + ' \\u001b[31m')
      for (const piece of token) process.stdout.write(piece)
      process.stdout.write('\\n')
      if (process.env.STACK_LEAK === 'exception') setTimeout(() => { throw new Error('uncaught ' + token) }, 0)
      if (process.env.STACK_LEAK === 'prepare') throw new Error('unprepared ' + token)
      return new Promise((resolve) => setTimeout(resolve, 20))
    }
  },
})
`

export const pipelines = `import { z } from '@stack/core'
import { pipeline, step } from '@stack/pipelines'

const tell = step({
  name: 'tell',
  output: z.number(),
  run(_input, { log, logMetadata }) {
    const token = process.env.TOKEN ?? ''
    log.warn('logged ' + token, { [token]: token })
    logMetadata({ [token]: token })
    console.log('printed ' + token)
    if (process.env.STACK_LEAK === 'step') {
      throw new Error('failed with ' + token, { cause: new Error(Buffer.from(token).toString('hex')) })
    }
    return 1
  },
})
export const quiet = pipeline({ name: 'quiet', run: () => tell({}) })
`
