// Every page and its path. A page is one file, loaded when first needed.
import type { RouteDef } from "./lib/router.svelte";

export const routes: RouteDef[] = [
  { path: "/", page: () => import("./pages/Front.svelte"), tab: "front" },
  { path: "/login", page: () => import("./pages/Login.svelte"), tab: "login" },
  { path: "/freight", page: () => import("./pages/Board.svelte"), tab: "loads", bare: "top" },
  {
    path: "/freight/loads/:id",
    page: () => import("./pages/Load.svelte"),
    tab: "loads",
    bare: "all",
  },
  { path: "/freight/lanes", page: () => import("./pages/Lanes.svelte"), tab: "loads" },
  { path: "/runs", page: () => import("./pages/Runs.svelte"), tab: "run" },
  { path: "/runs/:id", page: () => import("./pages/Run.svelte"), tab: "run", bare: "all" },
  { path: "/rate/:id", page: () => import("./pages/Rate.svelte"), tab: "run" },
  { path: "/talks", page: () => import("./pages/Talks.svelte"), tab: "talks" },
];
