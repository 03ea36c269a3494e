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
  { path: "/freight/new", page: () => import("./pages/Post.svelte"), tab: "mine" },
  { path: "/freight/mine", page: () => import("./pages/Mine.svelte"), tab: "mine" },
  {
    path: "/freight/mine/:id",
    page: () => import("./pages/MineLoad.svelte"),
    tab: "mine",
    bare: "all",
  },
  {
    path: "/freight/orders/:id",
    page: () => import("./pages/Follow.svelte"),
    tab: "mine",
    bare: "all",
  },
  { path: "/runs", page: () => import("./pages/Runs.svelte"), tab: "run" },
  { path: "/runs/:id", page: () => import("./pages/Run.svelte"), tab: "run", bare: "all" },
  { path: "/rate/:id", page: () => import("./pages/Rate.svelte"), tab: "run" },
  { path: "/talks", page: () => import("./pages/Talks.svelte"), tab: "talks" },
];
