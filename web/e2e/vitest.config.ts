import { defineConfig } from "vitest/config";

export default defineConfig({
  root: new URL("..", import.meta.url).pathname,
  resolve: {
    alias: [
      { find: /^.*\/look\.svelte$/, replacement: new URL("look.ts", import.meta.url).pathname },
    ],
  },
  test: {
    environment: "node",
    include: ["e2e/**/*.test.ts"],
    // Two worlds side by side: most of a journey waits for the minute between two codes.
    maxWorkers: 2,
    testTimeout: 240_000,
    hookTimeout: 240_000,
  },
});
