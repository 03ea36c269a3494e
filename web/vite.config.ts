import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

// `SARAI_API` = address of a running server; the dev server hands `/v1` on to it.
// Without it `npm run dev -- --mode mock` answers from memory (src/dev/mock.ts).
const api = process.env.SARAI_API ?? "http://127.0.0.1:8080";

/** Every text file of the build also as `.gz` beside it, so that the server zips nothing at run time. */
function gzipped(): Plugin {
  let out = "dist";
  const walk = (dir: string): string[] =>
    readdirSync(dir, { withFileTypes: true }).flatMap((e) =>
      e.isDirectory() ? walk(join(dir, e.name)) : [join(dir, e.name)],
    );
  return {
    name: "sarai-gzipped",
    apply: "build",
    configResolved(config) {
      out = config.build.outDir;
    },
    closeBundle() {
      for (const file of walk(out)) {
        if (/\.(js|css|json|svg|html|webmanifest)$/.test(file)) {
          writeFileSync(`${file}.gz`, gzipSync(readFileSync(file), { level: 9 }));
        }
      }
    },
  };
}

export default defineConfig({
  plugins: [svelte(), gzipped()],
  worker: { format: "es" },
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1400,
  },
  server: {
    proxy: {
      // The server takes requests of its own pages only: for it, these are.
      "/v1": { target: api, changeOrigin: true, headers: { origin: new URL(api).origin } },
      "/openapi.json": { target: api },
    },
  },
  resolve: process.env.VITEST ? { conditions: ["browser"] } : {},
  test: { environment: "jsdom", include: ["tests/**/*.test.ts"] },
});
