import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

// `SARAI_API` = address of a running server; the dev server hands `/v1` on to it.
// Without it `npm run dev -- --mode mock` answers from memory (src/dev/mock.ts).
const api = process.env.SARAI_API ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [svelte()],
  worker: { format: "es" },
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1400,
  },
  server: {
    proxy: {
      "/v1": { target: api, changeOrigin: true },
      "/openapi.json": { target: api },
    },
  },
  resolve: process.env.VITEST ? { conditions: ["browser"] } : {},
  test: { environment: "jsdom", include: ["tests/**/*.test.ts"] },
});
