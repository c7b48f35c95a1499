/**
 * An esbuild plugin: libsql bundled without its search for the platform.
 *
 * The search writes a report of the whole process and loads child_process, which takes five times as long as the native
 * library itself. Here the packages that a platform may have are tried, beside libsql; where none is there, libsql's own search follows.
 */
import { readFile } from 'node:fs/promises'

const search = /function requireNative\(\) \{[\s\S]*?\n\}\n/
const imports = /const \{[^}]*\} = require\("(?:@neon-rs\/load|detect-libc)"\);\n/g

const direct = `
function requireNative() {
  const { existsSync, realpathSync } = require("node:fs");
  const { dirname, join } = require("node:path");
  const platform = process.platform + "-" + process.arch;
  const names = process.platform === "linux" ? [platform + "-gnu", platform + "-musl"] : [platform, platform + "-msvc"];
  let directory = __dirname;
  while (directory !== dirname(directory) && !existsSync(join(directory, "node_modules", "libsql"))) directory = dirname(directory);
  for (const name of names) {
    try {
      return require(join(realpathSync(join(directory, "node_modules", "libsql")), "..", "@libsql", name, "index.node"));
    } catch {}
  }
  const paths = [require.resolve("libsql")];
  const own = (name) => require(require.resolve(name, { paths }));
  return own("@libsql/" + own("@neon-rs/load").currentTarget());
}
`

/** Replaces the search in libsql's entry. */
export const libsqlNative = {
  name: 'libsql-native',
  setup(build) {
    build.onLoad({ filter: /[\\/]libsql[\\/]index\.js$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8')
      if (!search.test(text)) throw new Error('libsql no longer has the function that finds its native library')
      return { contents: text.replaceAll(imports, '').replace(search, direct), loader: 'js' }
    })
  },
}
