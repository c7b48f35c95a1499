/** The built-in materializers. */
import { blobMaterializer } from './blob.js'
import { bytesMaterializer } from './bytes.js'
import { directoryMaterializer } from './directory.js'
import { fileMaterializer } from './file.js'
import type { Materializer } from './materializer.js'
import { jsonMaterializer } from './plain-json.js'
import { richJsonMaterializer } from './rich-json.js'
import { streamMaterializer } from './stream.js'
import { textMaterializer } from './text.js'

/** By name; the first that matches writes a value, and the last takes what is left, or says why it cannot. */
export const builtinMaterializers: ReadonlyMap<string, Materializer> = new Map(
  (
    [
      textMaterializer,
      jsonMaterializer,
      bytesMaterializer,
      fileMaterializer,
      blobMaterializer,
      streamMaterializer,
      directoryMaterializer,
      richJsonMaterializer,
    ] as readonly Materializer[]
  ).map((materializer) => [materializer.name, materializer]),
)

/** Those whose outputs are JSON, inlined in the commit where they are small. */
export const inlinedMaterializers: ReadonlySet<string> = new Set([jsonMaterializer.name, richJsonMaterializer.name])
