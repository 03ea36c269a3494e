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
    // One server and one browser at a time: two maps drawn by software at once starve each other.
    fileParallelism: false,
    testTimeout: 240_000,
    hookTimeout: 240_000,
  },
});
